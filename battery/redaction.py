"""Redaction: known secrets never reach an artifact."""

import json
from collections.abc import Mapping

from battery.errors import UsageError
from battery.model.definition import Definition

MASK = "[redacted]"
_SHORTEST = 4  # masking every "1" would destroy evidence and protect nothing
_REFERENCE = "env:"


def resolve(value: str, environ: Mapping[str, str]) -> str:
    """The value behind an env: reference; any other text as it is.

    Raises: UsageError when the variable is not set.
    """
    if not value.startswith(_REFERENCE):
        return value
    name = value.removeprefix(_REFERENCE)
    if name not in environ:
        raise UsageError(f"battery.toml refers to the variable {name}, which is not set")
    return environ[name]


def secrets_of(definition: Definition, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Every value that battery.toml takes from the environment, and the key's passphrase."""
    texts = [*definition.target.headers.values()]
    texts += [value for endpoint in definition.endpoint for value in endpoint.headers.values()]
    if definition.process:
        texts += definition.process.env.values()
    names = [text.removeprefix(_REFERENCE) for text in texts if text.startswith(_REFERENCE)]
    names.append("BATTERY_KEY_PASSPHRASE")
    return tuple(value for name in names if len(value := environ.get(name, "")) >= _SHORTEST)


def redact(data: bytes, secrets: tuple[str, ...]) -> bytes:
    """The bytes without the secrets, plain or as JSON spells them; the longest goes first."""
    for secret in sorted(secrets, key=len, reverse=True):
        for spelling in {secret, json.dumps(secret)[1:-1]}:
            data = data.replace(spelling.encode("utf-8", "surrogateescape"), MASK.encode())
    return data
