"""The level: how fast one request is when all is well, and how much slower is no longer that. Pure.

Two bounds, because each alone has a hole. A single answer is slow above max(3 x p95, p95 + 50 ms): loose enough for
the hiccups of a shared machine. The middle of many answers has moved above max(2 x p50, p50 + 20 ms): hiccups do not
move it, and a target that answers everything in 45 ms instead of 2 ms does not pass for the old one.
"""

import math
from collections.abc import Iterable, Sequence

from battery.chaos.recovery.probe import Probe
from battery.model.frozen import Frozen

_SLOW = (3.0, 0.050)
_MOVED = (2.0, 0.020)
_MOST_SLOW = 0.05
_LEAST_SEEN = 0.5


class Level(Frozen, frozen=True, kw_only=True):
    """One request's latency in seconds, over `n` probes at `rate` a second."""

    request: str
    p50: float
    p95: float
    n: int
    rate: float

    @property
    def slow(self) -> float:
        """A single answer above this is slow."""
        return max(_SLOW[0] * self.p95, self.p95 + _SLOW[1])

    @property
    def moved(self) -> float:
        """Many answers whose middle is above this are another level."""
        return moved_from(self.p50)

    def is_bad(self, probe: Probe) -> bool:
        """Whether the probe failed, or took longer than the middle of many may."""
        return took(probe) > self.moved

    def left(self, probes: Sequence[Probe], seconds: float) -> str:
        """Why these probes of `seconds` are not at this level; empty when they are."""
        if len(probes) < max(1, _LEAST_SEEN * self.rate * seconds):
            return f"{self.request}: only {len(probes)} probes in {seconds:g} s"
        slow = sum(took(probe) > self.slow for probe in probes)
        if slow > int(_MOST_SLOW * len(probes)):
            return (
                f"{self.request}: {slow} of {len(probes)} failed or took more than {self.slow * 1000:.0f} ms"
            )
        middle = median(probes)
        if middle > self.moved:
            return f"{self.request}: median {middle * 1000:.0f} ms, at most {self.moved * 1000:.0f} ms is the level"
        return ""


def level_of(request: str, probes: Sequence[Probe], seconds: float) -> Level:
    """The level of one request's probes. Raises: ValueError for no probes."""
    times = sorted(took(probe) for probe in probes)
    if not times:
        raise ValueError(f"no probe of {request}")
    p95 = times[math.ceil(len(times) * 0.95) - 1]
    return Level(
        request=request,
        p50=_middle(times),
        p95=p95,
        n=len(times),
        rate=len(times) / seconds if seconds else 0.0,
    )


def took(probe: Probe) -> float:
    """What the target took; a failure took for ever, so that failing never looks like being fast."""
    return probe.took if probe.ok else math.inf


def median(probes: Iterable[Probe]) -> float:
    """The upper median: a time that was really taken."""
    return _middle(sorted(took(probe) for probe in probes))


def moved_from(middle: float) -> float:
    """Above this the middle has moved."""
    return max(_MOVED[0] * middle, middle + _MOVED[1])


def _middle(times: Sequence[float]) -> float:
    return times[len(times) // 2]
