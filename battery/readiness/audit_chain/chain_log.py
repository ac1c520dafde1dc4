"""A hash-chained log: NDJSON, one record a line, each holding a hash and the hash before it."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn

from battery.errors import BatteryError
from battery.model.frozen import Frozen
from battery.readiness.coverage.report import shown

LARGEST = 64 * 2**20


class ChainUnreadable(BatteryError):
    """The file is no chain that could be judged: says in which line, and why."""

    exit_code = 2

    def __init__(self, problem: str, *, line: int = 0) -> None:
        self.problem, self.line = problem, line
        super().__init__((f"line {line}: " if line else "") + problem)


class Entry(Frozen, frozen=True, kw_only=True):
    """One line: its bytes as written, and its record in the order of its keys."""

    raw: bytes
    record: dict[str, Any]


def read_entries(data: bytes) -> tuple[Entry, ...]:
    """The records, strictly: blank lines at the end aside, every line is one JSON object whose keys differ.

    Raises: ChainUnreadable.
    """
    if len(data) > LARGEST:
        raise ChainUnreadable(f"{len(data)} bytes, at most {LARGEST} are read; cut a part off its end")
    lines = data.rstrip(b"\n").split(b"\n")
    if lines == [b""]:
        raise ChainUnreadable("the file is empty: there is nothing to prove")
    return tuple(_entry(line, number) for number, line in enumerate(lines, 1))


def written(entries: Iterable[Entry]) -> bytes:
    """The bytes of a log with these lines."""
    return b"".join(entry.raw + b"\n" for entry in entries)


def with_record(record: dict[str, Any], like: bytes) -> Entry:
    """A line for a record, spaced as another line of the same log is."""
    compact = b'": ' not in like and b", " not in like
    separators = (",", ":") if compact else (", ", ": ")
    text = json.dumps(record, separators=separators, ensure_ascii=like.isascii())
    return Entry(raw=text.encode("utf-8", "surrogatepass"), record=record)


def _entry(line: bytes, number: int) -> Entry:
    try:
        record = json.loads(line, object_pairs_hook=_unique, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ChainUnreadable(f"is no JSON record: {shown(str(error))}", line=number) from error
    if not isinstance(record, dict):
        raise ChainUnreadable("is JSON, but no record with fields", line=number)
    return Entry(raw=line.rstrip(b"\r"), record=record)


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {shown(key)!r} stands twice")
        found[key] = value
    return found


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")
