"""The chain: each record holds the hash of the one before, and a code that only the holder of the key can make.

`hash` is the sha256 over the record without it, as compact JSON with sorted keys: everybody can follow the chain.
`mac` is the HMAC-SHA256 over the record without `mac` and `hash`: nobody can make it anew after a change.
"""

import hashlib
import hmac
import json
from typing import Any

import msgspec

from battery.reference.audit.event import Event

START = "0" * 64


class Link(msgspec.Struct, frozen=True):
    """Where a chain ends: how many records it has, the last hash, and the bytes they take."""

    records: int = 0
    hash: str = START
    size: int = 0


def sealed(event: Event, before: Link, key: bytes) -> tuple[bytes, Link]:
    """The line that takes `event` into the chain, and where the chain ends then."""
    record: dict[str, Any] = {
        **{name: value for name, value in msgspec.to_builtins(event).items() if value},
        "seq": before.records + 1,
        "previous_hash": before.hash,
    }
    record["mac"] = _mac(record, key)
    digest = hashlib.sha256(_bytes(record)).hexdigest()
    line = _bytes({**record, "hash": digest}) + b"\n"
    return line, Link(before.records + 1, digest, before.size + len(line))


def trouble_with(record: dict[str, Any], before: Link, key: bytes) -> str:
    """What is wrong with a record behind `before`; empty when nothing is."""
    if record.get("seq") != before.records + 1:
        return f"its number is {_shown(record.get('seq'))}, expected {before.records + 1}"
    if record.get("previous_hash") != before.hash:
        return "it does not follow the record before it"
    rest = {name: value for name, value in record.items() if name != "hash"}
    if record.get("hash") != hashlib.sha256(_bytes(rest)).hexdigest():
        return "its hash does not fit what it says"
    told = rest.pop("mac", None)
    if not isinstance(told, str) or not hmac.compare_digest(told.encode(), _mac(rest, key).encode()):
        return "its code was not made with the key of this service"
    return ""


def _mac(record: dict[str, Any], key: bytes) -> str:
    return hmac.digest(key, _bytes(record), "sha256").hex()


def _bytes(record: dict[str, Any]) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":")).encode()


def _shown(value: object) -> str:
    return str(value)[:40]
