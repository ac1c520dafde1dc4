"""Arrivals: what a journal says of calls that reached the dependency. Pure."""

import math

from battery.chaos.breaker.visit import Journal, Turn, Visit
from battery.model.frozen import Frozen

_LAST_WORD_SECONDS = 0.05  # a client may end its side together with its request, and still listens


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
    return [_of_turn(visit, turn, closed, zero) for turn in visit.turns]


def _of_turn(visit: Visit, turn: Turn, closed: float, zero: float) -> Arrival:
    answered = turn.answered
    # An answer to a client that has hung up reaches nobody.
    given_up = visit.closed_by == "client" and closed - turn.at >= _LAST_WORD_SECONDS
    if answered is not None and given_up and closed < answered:
        answered = None
    end = closed if answered is None else answered
    return Arrival(at=turn.at - zero, ok=answered is not None, took=end - turn.at)
