"""Is one run better than another: moving-block bootstrap of a difference between their time-sliced values.

The statistic is taken over the slices of each run (its median slice, unless asked otherwise). Percentiles of
slices are never averaged: a mean of percentiles is the percentile of nothing.
"""

import math
from collections.abc import Callable, Sequence
from statistics import median
from typing import TYPE_CHECKING, Literal

from battery.model.frozen import Frozen
from battery.statistics.autocorrelation import variance_inflation

if TYPE_CHECKING:
    from random import Random

_FEWEST = 10
_FEWEST_INDEPENDENT = 7.0

Statistic = Callable[[Sequence[float]], float]
Verdict = Literal["better", "worse", "same", "unclear"]


class Comparison(Frozen, frozen=True, kw_only=True):
    """After minus before, its two-sided confidence interval, and what that says; None: not enough slices."""

    difference: float | None
    lower: float | None
    upper: float | None
    verdict: Verdict


def compare(
    before: Sequence[float],
    after: Sequence[float],
    random: "Random",
    *,
    minimum_effect: float,
    lower_is_better: bool = True,
    statistic: Statistic = median,
    confidence: float = 0.95,
    resamples: int = 2000,
) -> Comparison:
    """How two runs differ, from values of equal time slices in order of time; below 10 slices it is unclear.

    Better and worse: by more than the minimum effect, with confidence; same: by no more, with confidence.
    Raises: ValueError for a value that is not finite or a parameter out of its range.
    """
    _require_sense(before, after, minimum_effect, confidence, resamples)
    if min(len(before), len(after)) < _FEWEST:
        return Comparison(difference=None, lower=None, upper=None, verdict="unclear")
    difference = statistic(after) - statistic(before)
    if min(len(run) / variance_inflation(run) for run in (before, after)) < _FEWEST_INDEPENDENT:
        # Slices that repeat each other say less than their number.
        return Comparison(difference=difference, lower=None, upper=None, verdict="unclear")
    differences = sorted(
        statistic(_resampled(after, random)) - statistic(_resampled(before, random)) for _ in range(resamples)
    )
    outside = int((1 - confidence) / 2 * resamples)
    # Blocks reach the ends of a run less often than its middle; what was seen stays within the interval.
    lower, upper = min(differences[outside], difference), max(differences[-1 - outside], difference)
    verdict = _verdict(lower, upper, minimum_effect, lower_is_better)
    return Comparison(difference=difference, lower=lower, upper=upper, verdict=verdict)


def _resampled(values: Sequence[float], random: "Random") -> list[float]:
    # Blocks keep the dependence between neighbours (Künsch, Annals of Statistics 17, 1989). Their length √n is
    # longer than the usual n^⅓: slices of a loaded service depend on each other for long.
    n = len(values)
    length = math.isqrt(n)
    drawn: list[float] = []
    while len(drawn) < n:
        start = random.randrange(n - length + 1)
        drawn.extend(values[start : start + length])
    return drawn[:n]


def _verdict(lower: float, upper: float, minimum_effect: float, lower_is_better: bool) -> Verdict:
    if lower > minimum_effect:
        return "worse" if lower_is_better else "better"
    if upper < -minimum_effect:
        return "better" if lower_is_better else "worse"
    if -minimum_effect <= lower and upper <= minimum_effect:
        return "same"
    return "unclear"


def _require_sense(
    before: Sequence[float], after: Sequence[float], minimum_effect: float, confidence: float, resamples: int
) -> None:
    if not all(map(math.isfinite, (*before, *after))):
        raise ValueError("a run holds a value that is not finite")
    if not (math.isfinite(minimum_effect) and minimum_effect >= 0):
        raise ValueError(f"expected a minimum effect ≥ 0, got {minimum_effect}")
    if not (0 < confidence < 1 and resamples >= 100):
        raise ValueError(
            f"expected 0 < confidence < 1 and 100 or more resamples, got {confidence} and {resamples}"
        )
