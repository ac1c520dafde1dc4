"""Verifying a log: every record, every link, and its end against the head."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from battery.reference.audit.chain import Link, trouble_with
from battery.reference.audit.head import WrongHead, read_head

FILE = "audit.ndjson"


class Verdict(msgspec.Struct, frozen=True):
    """Whether the log is intact, how many records it has, and what is wrong first."""

    intact: bool
    records: int
    detail: str


class Broken(ValueError):
    """A line that does not belong where it stands."""


def verify_file(log: Path, head: Path, key: bytes) -> Verdict:
    """The verdict on a log file, also while the service writes to it.

    Raises: OSError when the log cannot be read.
    """
    try:
        # Read before the log: what the service adds in between stands behind it.
        end = read_head(head, key)
    except WrongHead as error:
        return Verdict(False, 0, str(error))
    with log.open("rb") as file:
        return verify_lines(file, end, key)


def verify_lines(lines: Iterable[bytes], head: Link, key: bytes) -> Verdict:
    """The verdict on the lines of a log whose head vouches for at least `head`.

    Records behind the head are as good as their codes, which only the service can make.
    """
    end, vouched = Link(), head.records == 0
    for number, line in enumerate(lines, 1):
        if vouched and not line.endswith(b"\n"):
            break  # half a line behind the head: it is being written, or a crash has cut it off
        try:
            end = followed(line, end, key)
        except Broken as broken:
            return Verdict(False, number, f"line {number}: {broken}")
        if number == head.records:
            vouched = True
            if end.hash != head.hash:
                return Verdict(
                    False, number, f"line {number}: it is not the record that the head vouches for"
                )
    if not vouched:
        cut = head.records - end.records
        return Verdict(False, end.records, f"{end.records} records; {cut} are cut off its end")
    return Verdict(
        True, end.records, f"{end.records} records follow each other, {head.records} of them under the head"
    )


def followed(line: bytes, before: Link, key: bytes) -> Link:
    """Where the chain ends with this line.

    Raises: Broken.
    """
    record = _record(line)
    if trouble := trouble_with(record, before, key):
        raise Broken(trouble)
    return Link(before.records + 1, record["hash"], before.size + len(line))


def _record(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line, object_pairs_hook=_unique, parse_constant=_no_number)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise Broken("it is no record of an audit log")
    return record


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    listed = list(pairs)
    found = dict(listed)
    # Twice the same key would be read by everybody as it pleases them.
    if len(found) != len(listed):
        raise ValueError("a key stands twice")
    return found


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")
