"""Arrivals: what a journal says of calls that reached the dependency. Pure."""

from battery.chaos.breaker.visit import Journal, Visit
from battery.model.frozen import Frozen


class Arrival(Frozen, frozen=True, kw_only=True):
    """One attempt to use the dependency, in seconds from the beginning of the probes' series; `ok`: it was answered."""

    at: float
    ok: bool


def arrivals_of(journal: Journal, zero: float) -> tuple[Arrival, ...]:
    """Every turn, and every connection that had none, in the order of their times; `zero` is the series' beginning."""
    found = [arrival for visit in journal.visits for arrival in _of(visit, zero)]
    return tuple(sorted(found, key=lambda arrival: arrival.at))


def _of(visit: Visit, zero: float) -> list[Arrival]:
    if visit.refused or not visit.turns:
        return [Arrival(at=visit.opened - zero, ok=not visit.refused and not visit.reset)]
    return [Arrival(at=turn.at - zero, ok=turn.answered is not None) for turn in visit.turns]
