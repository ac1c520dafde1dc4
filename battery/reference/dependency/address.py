"""Where the dependency listens."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec


class WrongAddress(ValueError):
    """The address of the dependency cannot be understood."""


class Address(msgspec.Struct, frozen=True):
    """A host and a port."""

    host: str
    port: int


def address_in(environment: Mapping[str, str]) -> Address | None:
    """What DEPENDENCY_ADDRESS (host:port) or DEPENDENCY_URL (tcp://host:port) says; None without both.

    Raises: WrongAddress.
    """
    for name in ("DEPENDENCY_ADDRESS", "DEPENDENCY_URL"):
        if text := environment.get(name, "").strip():
            return parsed(text, name)
    return None


def parsed(text: str, name: str) -> Address:
    """The address that `text` spells.

    Raises: WrongAddress that calls it `name`.
    """
    try:
        parts = urlsplit(text if "://" in text else f"tcp://{text}")
        if (
            parts.hostname
            and parts.port
            and parts.scheme == "tcp"
            and not (parts.path.strip("/") or parts.query)
        ):
            return Address(parts.hostname, parts.port)
    except ValueError:
        pass  # refused below
    raise WrongAddress(f"{name} is {text!r}, which is no address: write host:port, such as 127.0.0.1:9000")
