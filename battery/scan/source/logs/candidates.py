"""Candidates: the lines of a log on which a rule could speak at all, told in a few passes over the whole text.

Each rule has words of which every line that it speaks of holds one, or the line is a frame of a trace and indented. No
other line is looked at again.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from battery.model.frozen import Frozen
from battery.scan.source.secrets.prefilter import is_foldable
from battery.scan.source.secrets.search import line_numbers

_CREDENTIAL = (
    *("authorization", "passw", "pwd", "passphrase", "secret", "api_key", "api-key", "apikey", "token"),
    *("session_id", "session-id", "sessionid", "set-cookie"),
)
_FAILURE = (
    *("failed password", "failed login", "login fail", "authentication fail", "access denied for user"),
    *("invalid ", "bad ", "unauthorized", '" 401 ', '" 403 '),
)
_REFUSED = re.compile(r"status(?:_code)?[\"']?[=: ]+40[13]")
_TRACE = ("Traceback (most recent call last):", "panic: ", "thread '")


class Candidates(Frozen, frozen=True, kw_only=True):
    """The numbers of the lines to look at, from 1 on, in order."""

    credentials: Sequence[int]
    failures: Sequence[int]
    traces: Sequence[int]


def candidates(text: str, lines: Sequence[str]) -> Candidates:
    """The candidates of a text; all of its lines where it holds a letter whose cases are not one to one."""
    if not is_foldable(text):
        return every_line(lines)
    lowered = text.lower()
    refused = (match.start() for match in _REFUSED.finditer(lowered))
    # A frame of a trace is indented.
    indented = (number for number, line in enumerate(lines, 1) if line[:1].isspace())
    return Candidates(
        credentials=line_numbers(lowered, _hits(lowered, _CREDENTIAL)),
        failures=line_numbers(lowered, [*_hits(lowered, _FAILURE), *refused]),
        traces=sorted({*line_numbers(text, _hits(text, _TRACE)), *indented}),
    )


def every_line(lines: Sequence[str]) -> Candidates:
    """All lines, for every rule."""
    every = range(1, len(lines) + 1)
    return Candidates(credentials=every, failures=every, traces=every)


def _hits(text: str, words: Iterable[str]) -> Iterator[int]:
    """An offset on every line that holds one of the words."""
    for word in words:
        at = text.find(word)
        while at >= 0:
            yield at
            end = text.find("\n", at)
            at = text.find(word, end) if end >= 0 else -1
