"""A time series made fit for pairwise methods: one value a time, in order, and not too many."""

import math
from collections.abc import Iterable
from itertools import groupby, pairwise
from statistics import median

Point = tuple[float, float]


def in_order(points: Iterable[Point]) -> list[Point]:
    """The (time, value) points by ascending time; values at one time become their median.

    Raises: ValueError for a time or value that is not finite.
    """
    ordered = sorted(points)
    if not all(math.isfinite(time) and math.isfinite(value) for time, value in ordered):
        raise ValueError("a time series holds a time or value that is not finite")
    return [(time, median(value for _, value in same)) for time, same in groupby(ordered, key=lambda p: p[0])]


def thinned(points: list[Point], most: int) -> list[Point]:
    """At most so many points: the medians, of times and of values, of equally large blocks."""
    if len(points) <= most:
        return points
    edges = [block * len(points) // most for block in range(most + 1)]
    return [_middle(points[start:end]) for start, end in pairwise(edges)]


def _middle(block: list[Point]) -> Point:
    return median(time for time, _ in block), median(value for _, value in block)
