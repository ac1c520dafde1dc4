"""Placeholders: "{dependency.NAME}" in the target's command and environment becomes the address to use."""

import re
from collections.abc import Mapping, Sequence

from battery.errors import DefinitionError
from battery.redaction import resolve

_PLACEHOLDER = re.compile(r"\{dependency\.([A-Za-z0-9._-]+)\}")
_PARTS = ("host", "port")


def fill(text: str, addresses: Mapping[str, str], *, key: str = "process", file: str = "battery.toml") -> str:
    """Fill each `{dependency.NAME}` with its HOST:PORT; `.host` and `.port` after the name give one of the two.

    Raises: DefinitionError when no such dependency is given.
    """

    def address(match: re.Match[str]) -> str:
        found = _address(match[1], addresses)
        if found is None:
            known = ", ".join(sorted(addresses)) or "none"
            raise DefinitionError(
                file,
                f'"{match[0]}" names no dependency',
                key=key,
                hint=f"dependencies with an address: {known}",
            )
        return found

    return _PLACEHOLDER.sub(address, text)


def fill_environment(
    env: Mapping[str, str], addresses: Mapping[str, str], environ: Mapping[str, str]
) -> dict[str, str]:
    """The environment with each `env:` reference resolved from `environ`, and then every placeholder filled.

    Raises: DefinitionError that names the variable, UsageError when a reference leads nowhere.
    """
    return {
        name: fill(resolve(value, environ), addresses, key=f"process.env.{name}")
        for name, value in env.items()
    }


def fill_command(command: Sequence[str], addresses: Mapping[str, str]) -> tuple[str, ...]:
    """The command with every placeholder filled.

    Raises: DefinitionError when no such dependency is given.
    """
    return tuple(fill(word, addresses, key="process.command") for word in command)


def _address(name: str, addresses: Mapping[str, str]) -> str | None:
    if name in addresses:
        return addresses[name]
    owner, _, part = name.rpartition(".")
    if part not in _PARTS or owner not in addresses:
        return None
    host, _, port = addresses[owner].rpartition(":")
    return host.strip("[]") if part == "host" else port
