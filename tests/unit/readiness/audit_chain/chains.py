"""Makes hash-chained logs in the ways that services make them, independently of the battery's own hashing."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

Make = Callable[[dict[str, Any], str], str]


def _sorted(record: dict[str, Any]) -> str:
    return json.dumps(record, sort_keys=True, separators=(",", ":"))


def inside_sorted(record: dict[str, Any], previous: str) -> str:
    """The previous hash is a field of what is hashed, keys sorted."""
    return hashlib.sha256(_sorted({**record, "prev_hash": previous}).encode()).hexdigest()


def inside_as_written(record: dict[str, Any], previous: str) -> str:
    """As it stands in the file, spaces and all."""
    return hashlib.sha512(json.dumps({**record, "prev_hash": previous}).encode()).hexdigest()


def before_with_bar(record: dict[str, Any], previous: str) -> str:
    """The previous hash, a bar, the record."""
    return hashlib.sha256(f"{previous}|{_sorted(record)}".encode()).hexdigest()


def after_in_base64(record: dict[str, Any], previous: str) -> str:
    """The record and then the previous hash, in base64 behind a prefix."""
    digest = hashlib.sha384(f"{_sorted(record)}{previous}".encode()).digest()
    return f"sha384:{base64.b64encode(digest).decode()}"


def values_joined(record: dict[str, Any], previous: str) -> str:
    """The values only, joined by bars, the previous hash before them."""
    values = [value if isinstance(value, str) else json.dumps(value) for value in record.values()]
    return hashlib.sha1("|".join([previous, *values]).encode(), usedforsecurity=False).hexdigest()


def unescaped(record: dict[str, Any], previous: str) -> str:
    """Sorted, other scripts written as they are."""
    text = json.dumps({**record, "prev_hash": previous}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


WAYS: tuple[Make, ...] = (
    inside_sorted,
    inside_as_written,
    before_with_bar,
    after_in_base64,
    values_joined,
    unescaped,
)


def chain(make: Make, count: int = 6, start: str = "") -> bytes:
    """A log of some records."""
    lines, previous = [], start
    for number in range(count):
        record: dict[str, Any] = {"seq": number, "actor": f"user {number} é", "action": "login", "ok": True}
        made = make(record, previous)
        lines.append(json.dumps({**record, "prev_hash": previous, "hash": made}) + "\n")
        previous = made
    return "".join(lines).encode()
