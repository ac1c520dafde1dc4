"""The scene: calls to the target and arrivals at its dependency on one time line, and the gaps in the arrivals. Pure."""

from bisect import bisect_left
from collections.abc import Sequence

from battery.chaos.breaker.arrival import Arrival
from battery.chaos.recovery.probe import Probe

GAP = 5
# However often it is asked: a machine that stands still for a moment makes no arrivals either.
_GAP_SECONDS = 0.35
_MOST_ENDED = 0.8
_ON_ITS_WAY = 0.1  # seconds from the target's door to its dependency's, generously
_TINY = 1e-6


class Gap:
    """A time without arrivals. The call that ended it by arriving was made in it, and is not one of its calls."""

    def __init__(self, begin: float, end: float, calls: Sequence[Probe]) -> None:
        self.begin, self.end = begin, end
        # A call that was due in it and left at its end or later was held up on this machine, not by a breaker.
        self.calls = [call for call in calls if call.at + call.lag < end - _ON_ITS_WAY]

    @property
    def is_answered(self) -> bool:
        """Whether its calls ended in it, as those of an open breaker do; where a machine stands still, they end after it."""
        return sum(call.done < self.end for call in self.calls) >= _MOST_ENDED * len(self.calls)


class Scene:
    """Both in the order of time; `reach` is the share of calls that arrive while all is well."""

    def __init__(self, calls: Sequence[Probe], arrivals: Sequence[Arrival], reach: float) -> None:
        self.reach = reach
        self._calls, self._arrivals = calls, arrivals
        self._call_times = [call.at for call in calls]
        self._arrival_times = [arrival.at for arrival in arrivals]

    def calls(self, begin: float, end: float) -> Sequence[Probe]:
        """Calls that were due from `begin` on, and before `end`."""
        return self._calls[bisect_left(self._call_times, begin) : bisect_left(self._call_times, end)]

    def arrivals(self, begin: float, end: float) -> Sequence[Arrival]:
        """Arrivals from `begin` on, and before `end`."""
        return self._arrivals[bisect_left(self._arrival_times, begin) : bisect_left(self._arrival_times, end)]

    def expected(self, calls: Sequence[Probe]) -> float:
        """How many of these calls would arrive while all is well."""
        return self.reach * len(calls)

    def gaps(self, begin: float, end: float) -> list[Gap]:
        """Where calls went on and nothing arrived; a few calls that did not arrive are no gap."""
        edges = [arrival.at for arrival in self.arrivals(begin, end)]
        starts = [begin, *(just_after(edge) for edge in edges)]
        found = [
            Gap(start, edge, self.calls(start, edge)[:-1]) for start, edge in zip(starts, edges, strict=False)
        ]
        found.append(Gap(starts[-1], end, self.calls(starts[-1], end)))
        return [
            gap
            for gap in found
            if self.expected(gap.calls) >= GAP and gap.calls[-1].at - gap.begin >= _GAP_SECONDS
        ]


def just_after(time: float) -> float:
    """So that what happened at `time` lies before it."""
    return time + _TINY
