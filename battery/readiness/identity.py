"""The target's identity: what it says about which build is being served."""

import hashlib
from typing import Any

import httpx
import msgspec

from battery.model.target import Identity

_LONGEST = 200
_MOST_BYTES = 64 * 1024


def read_identity(http: httpx.Client, identity: Identity | None) -> str:
    """The identity that the target states, or nothing where it states none.

    Raises: httpx.TransportError when the target does not answer.
    """
    if identity is None:
        return ""
    with http.stream("GET", identity.path) as answer:
        if answer.status_code != httpx.codes.OK:
            return ""
        body = _first_bytes(answer)
    return _shortened(_at(body, identity.json) if identity.json else body.decode("utf-8", "replace").strip())


def _first_bytes(answer: httpx.Response) -> bytes:
    """As much of the body as an identity may need; a target may answer without end."""
    body = b""
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) >= _MOST_BYTES:
            break
    return body[:_MOST_BYTES]


def _at(body: bytes, path: str) -> str:
    """What stands at the dotted path of a JSON body; nothing where nothing does."""
    try:
        value: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return "" if value is None else str(value)


def _shortened(text: str) -> str:
    """Long identities by digest: two that differ late must not look the same."""
    return (
        text
        if len(text) <= _LONGEST
        else f"sha256:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()}"
    )
