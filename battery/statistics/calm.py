"""Which points of a series lie on its course, and which stand above it for a while, as a neighbour's noise does.

Noise of others only ever adds: it lifts points, and lets them fall back when it is over. The course is a line through
repeated medians (Siegel, Biometrika 69, 1982), which up to half of the points cannot bend, wherever they stand.
"""

import itertools
import math
from collections.abc import Iterable, Sequence
from statistics import median

from battery.model.frozen import Frozen
from battery.statistics.series import Point, in_order, thinned

_FEWEST = 10
_MOST = 100  # for the line: 10,000 pairs, some 5 ms
_FAR = 3.0  # standard deviations above the course, estimated from what lies below it: nothing lifts those
_DEVIATION = 0.6745  # of a normal distribution, from its median to its quartile
_MOST_LIFTED = 0.45  # where more are lifted, nobody can tell which of the two is the course
_LATE = 1.0  # standard deviations of a uniform place, so one in six by chance: a doubt costs little here
_ROUNDS = 3


class Calm(Frozen, frozen=True, kw_only=True):
    """The points on the course, and those above it that may yet be a growth: they stayed, or come more and more often.

    Bursts that came and went, early or late as chance has it, are in neither.
    """

    course: tuple[Point, ...]
    lasting: tuple[Point, ...]


def calm(points: Iterable[Point]) -> Calm:
    """The points on the course of a series, in order of time; all of them where bursts cannot be told from it.

    Raises: ValueError for a point that is not finite.
    """
    series = in_order(points)
    lifted = [False] * len(series)
    for _ in range(_ROUNDS if len(series) >= _FEWEST else 0):
        found = _lifted(
            series, [point for point, is_lifted in zip(series, lifted, strict=True) if not is_lifted]
        )
        if found == lifted or sum(found) > _MOST_LIFTED * len(series):
            break
        lifted = found
    return Calm(
        course=tuple(point for point, is_lifted in zip(series, lifted, strict=True) if not is_lifted),
        lasting=tuple(itertools.compress(series, _lasting(lifted))),
    )


def start_of(course: Sequence[Point], slope: float) -> float:
    """Where a line of this slope through the middle of the points begins, at the first point's time."""
    first = course[0][0]
    return median(value - slope * (time - first) for time, value in course)


def _lasting(lifted: Sequence[bool]) -> list[bool]:
    """Which of the lifted points may be a growth: all of them where bursts gather late, else those that never came back."""
    if _gather_late(lifted):
        return list(lifted)
    back = max((index for index, is_lifted in enumerate(lifted) if not is_lifted), default=0)
    return [index > back for index in range(len(lifted))]


def _gather_late(lifted: Sequence[bool]) -> bool:
    """Whether bursts lie later than chance mostly puts them: a burst is one event, however many points it lifts."""
    bursts: list[tuple[int, float]] = []  # length, and middle as a share of the whole
    start = 0
    for is_lifted, points in itertools.groupby(lifted):
        length = sum(1 for _ in points)
        if is_lifted:
            bursts.append((length, (start + length / 2) / len(lifted)))
        start += length
    total = sum(length for length, _ in bursts)
    if not total:
        return False
    lateness = sum(length * (middle - 0.5) for length, middle in bursts) / total
    deviation = math.sqrt(sum(length**2 for length, _ in bursts) / 12) / total
    return lateness > _LATE * deviation


def _lifted(series: Sequence[Point], kept: list[Point]) -> list[bool]:
    slope = _repeated_median(thinned(kept, _MOST))
    around = sorted(value - slope * time for time, value in kept)
    middle = median(around)
    deviation = (middle - around[len(around) // 4]) / _DEVIATION
    return [value - slope * time > middle + _FAR * deviation for time, value in series]


def _repeated_median(points: Sequence[Point]) -> float:
    return median(
        median((later - value) / (then - time) for then, later in points if then != time)
        for time, value in points
    )
