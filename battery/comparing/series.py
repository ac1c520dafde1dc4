"""Two runs' seconds as values that can be compared: one for each second, or for each of equally long groups of them.

Percentiles of seconds are never averaged: a group of seconds is as its median second.
"""

from collections.abc import Callable, Sequence
from statistics import fmean, median

from battery.load.tally import Slice

_MOST = 600  # values a run: more cost minutes and say nothing more
_FEWEST = 5  # seconds of a stage: its median would follow each of fewer
Level = Callable[[Slice], float]


def relative(
    before: Sequence[Slice], after: Sequence[Slice], level: Level
) -> tuple[list[float], list[float]]:
    """Each second's level as a multiple of the older run's median second of the same stage.

    A second of 128 users is not held against one of 8. Stages that are too short, or whose median second has no
    level, are left out.
    """
    stages = {second.stage for second in before}
    found = {stage: [level(second) for second in before if second.stage == stage] for stage in stages}
    usual = {stage: median(levels) for stage, levels in found.items() if len(levels) >= _FEWEST}
    both = [
        [level(second) / usual[second.stage] for second in seconds if usual.get(second.stage, 0.0) > 0]
        for seconds in (before, after)
    ]
    return thinned(both[0], median), thinned(both[1], median)


def error_shares(seconds: Sequence[Slice]) -> list[float]:
    """The share of each second's finished requests that failed, in percent."""
    shares = [100 * second.failed / (second.ok + second.failed) for second in seconds]
    return thinned(shares, fmean)


def thinned(values: Sequence[float], statistic: Callable[[Sequence[float]], float]) -> list[float]:
    """At most so many values: each stands for an equally long group of neighbours."""
    size = -(-len(values) // _MOST) or 1
    return [statistic(values[start : start + size]) for start in range(0, len(values), size)]
