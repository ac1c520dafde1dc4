"""The canary of a dependency: what the tap before its proxy saw of calls that fared badly since the canary was made.

The battery cannot ask a dependency itself: it does not speak its protocol. The target's own calls are looked at.
"""

from collections.abc import Callable
from time import monotonic

from battery.chaos.breaker.visit import Journal, Visit
from battery.chaos.faults.interface import Effect


class ArrivalsCanary:
    """Looks for refused calls, and for those that waited for `least` seconds or more."""

    def __init__(
        self, journal: Callable[[], Journal], least: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._journal, self._least, self._clock = journal, least, clock
        self._before = self._harmed()

    def __call__(self) -> Effect:
        """Look once."""
        harmed = self._harmed() - self._before
        words = f"{harmed} of the target's calls were refused, cut or waited {self._least:g} s or more"
        return Effect(seen=harmed > 0, meter=words)

    def _harmed(self) -> int:
        now = self._clock()
        return sum(self._is_harmed(visit, now) for visit in self._journal().visits)

    def _is_harmed(self, visit: Visit, now: float) -> bool:
        if visit.refused or visit.reset:
            return True
        closed = now if visit.closed is None else visit.closed
        return any(
            (closed if turn.answered is None else turn.answered) - turn.at >= self._least
            for turn in visit.turns
        )
