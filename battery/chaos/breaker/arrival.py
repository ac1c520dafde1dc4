"""Arrivals: what a journal says of calls that reached the dependency. Pure."""

import math

from battery.chaos.breaker.visit import Journal, Visit
from battery.model.frozen import Frozen


class Arrival(Frozen, frozen=True, kw_only=True):
    """One attempt to use the dependency, in seconds from the beginning of the probes' series; `ok`: it was answered.

    It `took` so long until it was answered, refused or given up; for ever where it is still under way.
    """

    at: float
    ok: bool
    took: float = 0.0

    @property
    def done(self) -> float:
        """When it ended."""
        return self.at + self.took


def arrivals_of(journal: Journal, zero: float) -> tuple[Arrival, ...]:
    """Every turn, and every connection that had none, in the order of their times; `zero` is the series' beginning."""
    found = [arrival for visit in journal.visits for arrival in _of(visit, zero)]
    return tuple(sorted(found, key=lambda arrival: arrival.at))


def _of(visit: Visit, zero: float) -> list[Arrival]:
    closed = math.inf if visit.closed is None else visit.closed
    if visit.refused or not visit.turns:
        ok = not visit.refused and not visit.reset
        return [Arrival(at=visit.opened - zero, ok=ok, took=closed - visit.opened)]
    return [
        Arrival(
            at=turn.at - zero,
            ok=turn.answered is not None,
            took=(closed if turn.answered is None else turn.answered) - turn.at,
        )
        for turn in visit.turns
    ]
