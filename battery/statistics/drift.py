"""Does a measure drift over time, and how fast: Theil-Sen slope and Mann-Kendall test for autocorrelated series."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from statistics import NormalDist, median

from battery.model.frozen import Frozen
from battery.statistics.autocorrelation import variance_inflation
from battery.statistics.series import Point, in_order, thinned

_FEWEST = 10
_MOST = 500  # 125,000 pairs: 4 MB and some 30 ms, so that a soak can afford one a minute
_ROUNDING = 1e-12


class Trend(Frozen, frozen=True, kw_only=True):
    """A slope per unit of time, its two-sided confidence interval, and how often chance alone shows as much."""

    slope: float
    lower: float
    upper: float
    p_value: float
    n: int


def trend(points: Iterable[Point], confidence: float = 0.95) -> Trend | None:
    """The trend of (time, value) points in any order; None for fewer than 10 different times.

    Long series are thinned to 500 block medians.
    Raises: ValueError for a point that is not finite or a confidence outside 0..1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"expected a confidence between 0 and 1, got {confidence}")
    series = in_order(points)
    if len(series) < _FEWEST:
        return None
    kept = thinned(series, _MOST)
    slopes = _pairwise_slopes(kept)
    slope = median(slopes)
    deviation = _deviation(kept, slope)
    lower, upper = _interval(slopes, deviation, confidence)
    return Trend(slope=slope, lower=lower, upper=upper, p_value=_p_value(slopes, deviation), n=len(series))


def _pairwise_slopes(series: list[Point]) -> list[float]:
    return sorted(
        (late_value - value) / (late - time)
        for position, (time, value) in enumerate(series)
        for late, late_value in series[position + 1 :]
    )


def _deviation(series: list[Point], slope: float) -> float:
    # The standard deviation of Kendall's S under "no trend", with tied values, widened for autocorrelation by
    # that of the ranks of what the trend leaves (after Hamed and Rao, J. Hydrology 204, 1998).
    n = len(series)
    ties = Counter(value for _, value in series).values()
    variance = (_tie_term(n) - sum(map(_tie_term, ties))) / 18
    return math.sqrt(variance * variance_inflation(_ranks(_residuals(series, slope))))


def _tie_term(count: int) -> int:
    return count * (count - 1) * (2 * count + 5)


def _residuals(series: list[Point], slope: float) -> list[float]:
    start = series[0][0]
    rounding = _ROUNDING * max(abs(value) for _, value in series)
    around = median(value - slope * (time - start) for time, value in series)
    residuals = (value - slope * (time - start) - around for time, value in series)
    # What rounding leaves of a straight line is no noise, and may look autocorrelated.
    return [residual if abs(residual) > rounding else 0.0 for residual in residuals]


def _ranks(values: list[float]) -> list[float]:
    ordered = sorted(values)
    return [float(bisect_left(ordered, value) + bisect_right(ordered, value)) for value in values]


def _interval(slopes: list[float], deviation: float, confidence: float) -> tuple[float, float]:
    # Sen, J. Am. Stat. Assoc. 63 (1968): the slopes whose ranks lie a normal quantile of S around the middle.
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * deviation
    outside = max(0, math.floor((len(slopes) - reach) / 2) - 1)
    return slopes[outside], slopes[-1 - outside]


def _p_value(slopes: list[float], deviation: float) -> float:
    # S counts rising minus falling pairs; it moves in steps of two, hence the continuity correction by one.
    rising_minus_falling = len(slopes) - bisect_right(slopes, 0.0) - bisect_left(slopes, 0.0)
    if deviation == 0:
        return 1.0
    return math.erfc(max(0, abs(rising_minus_falling) - 1) / deviation / math.sqrt(2))
