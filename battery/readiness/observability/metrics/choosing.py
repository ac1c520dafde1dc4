"""Which of the target's counts is its count of requests: told by battery.toml, by its name, or by how much it grew."""

import math
from collections.abc import Sequence

from battery.model.frozen import Frozen
from battery.readiness.observability.metrics.growth import Growth
from battery.readiness.observability.metrics.words import counts_requests

# "About as many": within a factor of two. Only for counts whose names do not tell what they count.
_FACTOR = 2.0


class Choice(Frozen, frozen=True, kw_only=True):
    """The count that was chosen, or none, and why; `others` are those that could have been meant."""

    growth: Growth | None
    why: str
    others: tuple[str, ...] = ()


def choose(candidates: Sequence[Growth], expected: int) -> Choice:
    """The count of requests among some counts.

    The name goes first: another count, such as that of database queries, may be nearer to the ledger by chance, and
    would hide that the count of requests is wrong.
    """
    for rank in (2, 1):
        named = [growth for growth in candidates if counts_requests(growth.name) == rank]
        if named:
            return _nearest(named, expected, "its name tells that it counts requests")
    near = [growth for growth in candidates if expected / _FACTOR <= growth.grown <= expected * _FACTOR]
    if near:
        return _nearest(near, expected, "no name tells a count of requests, and it grew by about as many")
    if not candidates:
        return Choice(growth=None, why="the target exposes no such count")
    nearest = min(candidates, key=lambda growth: _distance(growth.grown, expected))
    why = f"no name tells a count of requests, and none grew by about {expected}: {_told(nearest)} is the nearest"
    return Choice(growth=None, why=f"{why}; name the count in battery.toml")


def _nearest(candidates: Sequence[Growth], expected: int, why: str) -> Choice:
    ordered = sorted(candidates, key=lambda growth: _distance(growth.grown, expected))
    chosen, *others = ordered
    if others:
        why += f", the nearest of {len(ordered)} such"
    return Choice(growth=chosen, why=why, others=tuple(_told(growth) for growth in others[:5]))


def _told(growth: Growth) -> str:
    return f"{growth.name} (+{growth.grown:g})"


def _distance(grown: float, expected: int) -> float:
    """How many times as many, either way."""
    return abs(math.log((max(grown, 0.0) + 1) / (expected + 1)))
