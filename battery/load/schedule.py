"""The schedule: when each arrival is due, as absolute times, independent of any answer. Pure; seeded."""

import math
from collections.abc import Iterator, Sequence
from random import Random

from battery.load.job import JobStage


def arrivals(
    stages: Sequence[JobStage], kind: str, random: Random, phase: float = 0.0
) -> Iterator[tuple[float, int]]:
    """(seconds after the start, stage index) of each arrival, ascending.

    Arrivals are drawn in the schedule's own time, in which one arrival is expected per unit, and mapped back through
    the expected count: so ramps and steps are exact, and a stage's edge costs no arrival.
    """
    units = _unit_arrivals(kind, random, phase)
    began, reached = 0.0, 0.0
    unit = next(units)
    for index, stage in enumerate(stages):
        expected = (stage.rate_from + stage.rate_to) / 2 * stage.seconds
        while unit < reached + expected:
            yield began + _time_of(unit - reached, stage), index
            unit = next(units)
        began += stage.seconds
        reached += expected


def _unit_arrivals(kind: str, random: Random, phase: float) -> Iterator[float]:
    """Arrivals with one expected per unit: evenly from `phase` on, or a Poisson process."""
    at = phase
    if kind == "constant":
        while True:
            yield at
            at += 1.0
    at = 0.0
    while True:
        at += random.expovariate(1.0)
        yield at


def _time_of(count: float, stage: JobStage) -> float:
    """When `count` arrivals are expected in a stage whose rate runs linearly from one value to another."""
    slope = (stage.rate_to - stage.rate_from) / stage.seconds
    if abs(slope) < 1e-12:
        return count / stage.rate_from
    # the rate's integral, rate_from * t + slope * t² / 2 = count, solved for t without cancellation
    root = math.sqrt(max(stage.rate_from**2 + 2 * slope * count, 0.0))
    return 2 * count / (stage.rate_from + root)
