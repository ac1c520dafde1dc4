"""The schedule: when each arrival is due, as absolute times, independent of any answer. Pure; seeded."""

import math
from collections.abc import Iterator, Sequence
from random import Random

from battery.load.job import JobStage

_ROUNDING = 1e-6


def arrivals(
    stages: Sequence[JobStage], kind: str, random: Random, phase: float = 0.0
) -> Iterator[tuple[float, int]]:
    """(seconds after the start, stage index) of each arrival, ascending; drawn one by one, whatever the run's length.

    Arrivals are drawn in the schedule's own time, in which one arrival is expected per unit, and mapped back through
    the expected count: so ramps and steps are exact, and a stage's edge costs no arrival.
    """
    units = _unit_arrivals(kind, random, phase)
    began, reached = 0.0, 0.0
    unit = next(units)
    for index, stage in enumerate(stages):
        expected = _expected(stage, stage.seconds)
        while unit < reached + expected:
            yield began + _time_of(unit - reached, stage), index
            unit = next(units)
        began += stage.seconds
        reached += expected


def arrivals_between(stages: Sequence[JobStage], due: float, until: float) -> list[int]:
    """How many arrivals each stage has from one that is due on, up to (not at) a time, without drawing them.

    Exact where they are evenly spaced; the expectation, rounded up, where they are a Poisson process.
    """
    counts = []
    began, passed, counted = 0.0, 0.0, 0
    for stage in stages:
        begin, end = (min(max(at - began, 0.0), stage.seconds) for at in (due, until))
        passed += max(_expected(stage, end) - _expected(stage, begin), 0.0)
        began += stage.seconds
        total = max(math.ceil(passed - _ROUNDING), counted, int(due < min(began, until)))
        counts.append(total - counted)
        counted = total
    return counts


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


def _expected(stage: JobStage, elapsed: float) -> float:
    """How many arrivals are expected in the stage's first seconds."""
    slope = (stage.rate_to - stage.rate_from) / stage.seconds
    return (stage.rate_from + slope * elapsed / 2) * elapsed


def _time_of(count: float, stage: JobStage) -> float:
    """When `count` arrivals are expected in a stage whose rate runs linearly from one value to another."""
    slope = (stage.rate_to - stage.rate_from) / stage.seconds
    # the rate's integral, rate_from * t + slope * t² / 2 = count, solved for t without cancellation
    root = math.sqrt(max(stage.rate_from**2 + 2 * slope * count, 0.0))
    return 2 * count / (stage.rate_from + root) if count > 0 else 0.0
