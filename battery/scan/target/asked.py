"""A request as a scanner asks for it, and the bytes it becomes."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from battery.errors import UsageError
from battery.model.frozen import Frozen
from battery.scan.target.scope import Origin

AGENT = "hardening-battery"
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_UNSAFE = re.compile(r"[^\x21-\x7e]")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


class Asked(Frozen, frozen=True, kw_only=True):
    """One request. Anonymous ones go without the common headers; hasty ones do not wait for the rate limit.

    `source` is the own address it comes from; `verify` demands a certificate that is trusted; `secret` says that the
    headers hold what only the target may read.
    """

    path: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    origin: Origin | None = None
    anonymous: bool = False
    hasty: bool = False
    source: str = ""
    verify: bool = False
    secret: bool = False


def needs_trust(asked: Asked, origin: Origin, common: Mapping[str, str]) -> bool:
    """Whether the certificate must be trusted first: secrets go to nobody in between, except on this machine."""
    carries = asked.secret or (bool(common) and not asked.anonymous)
    return asked.verify or (carries and origin.tls and not origin.is_loopback)


def merged(asked: Asked, origin: Origin, common: Mapping[str, str]) -> dict[str, str]:
    """The headers that go out: the own ones replace the common ones, whatever their case."""
    fields = {"Host": origin.authority, "User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    if asked.body is not None:
        fields["Content-Length"] = str(len(asked.body))
    fields["Connection"] = "close"
    extra = [*(() if asked.anonymous else common.items()), *asked.headers]
    for name, value in extra:
        there = next((known for known in fields if known.lower() == name.lower()), name)
        fields[there] = value
    return fields


def as_bytes(asked: Asked, fields: Mapping[str, str]) -> bytes:
    """The request on the wire."""
    lines = [
        f"{asked.method} {_on_one_line(asked.path)} HTTP/1.1",
        *(f"{name}: {value}" for name, value in fields.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + (asked.body or b"")


def _on_one_line(path: str) -> str:
    """The path with every character escaped that could end the request line."""
    return _UNSAFE.sub(lambda match: quote(match[0]), path)


def check_headers(headers: Mapping[str, str], owner: str) -> None:
    """Refuse what cannot be a header.

    Raises: UsageError; the value is not repeated, it may be a secret.
    """
    for name, value in headers.items():
        if not _NAME.fullmatch(name):
            raise UsageError(f"{owner}: {name!r} cannot be the name of a header")
        if not _VALUE.fullmatch(value):
            raise UsageError(
                f"{owner}: header {name} holds a line break or another character no header may hold"
            )
