"""How far neighbours in time repeat each other, and so how much less a series says than its length."""

import math
from collections.abc import Sequence
from itertools import islice
from operator import mul


def variance_inflation(series: Sequence[float]) -> float:
    """How many times larger the variance of a mean or trend is than with independent values: 1 to n / 3.

    It is 1 + 2 Σ ρ(k), the autocorrelations ρ summed while their pairs stay positive
    (Geyer, "Practical Markov chain Monte Carlo", 1992, section 3.3).
    """
    n = len(series)
    mean = sum(series) / n
    centred = [value - mean for value in series]
    total = _covariance(centred, 0)
    if total == 0:
        return 1.0
    inflation = max(1.0, 2.0 * _positive_pairs(centred) / total - 1.0)
    # A fitted mean and slope take the slowest part of the noise with them: the sum comes out low by about
    # two of its own n-ths.
    return min(inflation / max(0.1, 1.0 - 2.0 * inflation / n), n / 3)


def _positive_pairs(centred: list[float]) -> float:
    pairs = 0.0
    for lag in range(0, len(centred) - 2, 2):
        pair = _covariance(centred, lag) + _covariance(centred, lag + 1)
        if pair <= 0:
            break
        pairs += pair
    return pairs


def _covariance(centred: list[float], lag: int) -> float:
    return math.fsum(map(mul, centred, islice(centred, lag, None)))
