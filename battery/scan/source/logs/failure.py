"""A failed login in a log, and many of them as a few bytes each: a burst may begin in one part of a log and end in another."""

import math
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime

from battery.model.frozen import Frozen
from battery.scan.target.asked import AGENT

_FAILURE = re.compile(
    r"failed password|authentication fail(?:ure|ed)|invalid (?:credentials|password|login|user)|login fail(?:ed|ure)"
    r"|bad (?:credentials|password)|failed login|access denied for user|unauthorized"
    r"|\" 40[13] |status(?:_code)?[\"']?[=: ]+40[13]\b",
    re.IGNORECASE,
)
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)")
_COMMON = re.compile(r"\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d)")
_PACKED = struct.Struct("<Id?20s")  # line, time or not a number, names the battery, seal


class Failure(Frozen, frozen=True, kw_only=True):
    """One line that tells of a failed login. `line` is its number in the part `part`, `number` that in the whole log.

    `time` is that of the log's own clock, whose zone nobody knows; `seal` the line as a keyed digest; `names_battery`
    says that the line names the battery's agent, which its own requests do and anybody's can.
    """

    part: str
    line: int
    number: int
    time: float | None
    names_battery: bool
    seal: str


def tells_of_failure(text: str) -> bool:
    """Whether a line, or one of these lines, tells of a failed login."""
    return bool(_FAILURE.search(text))


def packed(lines: Sequence[str], numbers: Iterable[int], seal: Callable[[str], str]) -> bytes:
    """The failures among the lines of these numbers."""
    return b"".join(
        _PACKED.pack(
            number, _time(lines[number - 1]), AGENT in lines[number - 1], _short(seal, lines[number - 1])
        )
        for number in numbers
        if tells_of_failure(lines[number - 1])
    )


def unpacked(marks: bytes, part: str, lines_before: int) -> Iterator[Failure]:
    """The failures of a part of a log, with so many lines before it."""
    for line, time, names_battery, seal in _PACKED.iter_unpack(marks):
        yield Failure(
            part=part,
            line=line,
            number=lines_before + line,
            time=None if math.isnan(time) else time,
            names_battery=names_battery,
            seal=seal.hex(),
        )


def _short(seal: Callable[[str], str], line: str) -> bytes:
    return bytes.fromhex(seal(line))


def _time(line: str) -> float:
    try:
        if match := _ISO.search(line):
            return datetime.fromisoformat(f"{match[1]}T{match[2]}").replace(tzinfo=UTC).timestamp()
        if match := _COMMON.search(line):
            return datetime.strptime(match[1], "%d/%b/%Y:%H:%M:%S").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return math.nan
    return math.nan
