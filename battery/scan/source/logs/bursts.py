"""Bursts: many failed logins in a short time, by the clock of the log or, without one, by how close the lines stand."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from battery.model.frozen import Frozen

FEWEST, SECONDS, NEAR_LINES = 20, 60.0, 200
_FAILURE = re.compile(
    r"failed password|authentication fail(?:ure|ed)|invalid (?:credentials|password|login|user)|login fail(?:ed|ure)"
    r"|bad (?:credentials|password)|failed login|access denied for user|unauthorized"
    r"|\" 40[13] |status(?:_code)?[\"']?[=: ]+40[13]\b",
    re.IGNORECASE,
)
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)")
_COMMON = re.compile(r"\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d)")


class Burst(Frozen, frozen=True, kw_only=True):
    """Failures from one line to another."""

    first: int
    last: int
    count: int


def bursts(lines: Sequence[str]) -> Iterator[Burst]:
    """The bursts in some lines; one that goes on is one."""
    recent: deque[tuple[int, float | None]] = deque()
    open_since = count = last = 0
    for number, line in enumerate(lines, 1):
        if not _FAILURE.search(line):
            continue
        recent.append((number, _time(line)))
        while not _near(recent[0], recent[-1]):
            recent.popleft()
        if open_since and len(recent) < FEWEST:
            yield Burst(first=open_since, last=last, count=count)
            open_since = 0
        if len(recent) >= FEWEST:
            count = count + 1 if open_since else len(recent)
            open_since, last = open_since or recent[0][0], number
    if open_since:
        yield Burst(first=open_since, last=last, count=count)


def _near(first: tuple[int, float | None], last: tuple[int, float | None]) -> bool:
    if first[1] is not None and last[1] is not None:
        return abs(last[1] - first[1]) <= SECONDS
    return last[0] - first[0] <= NEAR_LINES


def _time(line: str) -> float | None:
    try:
        if match := _ISO.search(line):
            return datetime.fromisoformat(f"{match[1]}T{match[2]}").replace(tzinfo=UTC).timestamp()
        if match := _COMMON.search(line):
            return datetime.strptime(match[1], "%d/%b/%Y:%H:%M:%S").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
    return None
