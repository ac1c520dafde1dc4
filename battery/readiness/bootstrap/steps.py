"""The steps of a bootstrap, where its log announces them, and how long each took."""

import re
from collections.abc import Sequence

from battery.model.frozen import Frozen
from battery.readiness.bootstrap.timed_line import TimedLine

_ANNOUNCED = re.compile(
    r"(?:==+>|-->|::group::|###?)\s*(?P<marked>\S.{0,99})"
    r"|(?:\[\s*(?P<of>\d+/\d+)\s*\]|[Ss]tep\s+(?P<step>\d+(?:/\d+)?)\s*[:.\-])\s*(?P<numbered>\S.{0,99})"
    r"|\+{1,3} (?P<traced>\S.{0,99})"
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_MOST = 50


class Step(Frozen, frozen=True, kw_only=True):
    """One step: how it calls itself, when it began and how long it took, in seconds."""

    title: str
    at: float
    seconds: float


def steps_of(lines: Sequence[TimedLine], end: float) -> tuple[Step, ...]:
    """The steps that a log announces ("==> x", "[1/3] x", "Step 1: x", "::group::x", "+ x"); the last lasts to `end`."""
    starts = [(line.at, title) for line in lines if (title := _title(line.text))][:_MOST]
    ends = [*(at for at, _ in starts[1:]), end][: len(starts)]
    return tuple(
        Step(title=title, at=at, seconds=max(until - at, 0.0))
        for (at, title), until in zip(starts, ends, strict=True)
    )


def _title(text: str) -> str:
    found = _ANNOUNCED.match(_COLOUR.sub("", text).strip())
    if not found:
        return ""
    return next(found[name] for name in ("marked", "numbered", "traced") if found[name]).strip()
