"""How large, and how small, a true quantile may be: one-sided bounds by order statistics, free of any distribution.

With n independent samples, the number of them at or below the true q-quantile is binomial(n, q), so the r-th
smallest sample bounds the quantile with a confidence that is a binomial tail (David and Nagaraja, "Order
Statistics", 7.1). Equal values only raise that confidence.
"""

import math
from bisect import bisect_left

from battery.model.frozen import Frozen
from battery.statistics.beta import incomplete_beta
from battery.statistics.ordered import Ordered

# A tail equal to the allowed risk up to rounding counts as equal.
_ROUNDING = 1e-12


class Quantile(Frozen, frozen=True, kw_only=True):
    """A quantile of n samples, between bounds that each hold with the stated confidence; None: not enough samples."""

    value: float | None
    lower: float | None
    upper: float | None
    n: int


def quantile(ordered: Ordered, q: float, confidence: float = 0.95) -> Quantile:
    """The q-quantile of values in ascending order, with its two one-sided bounds.

    Raises: ValueError for q or a confidence outside 0..1.
    """
    n = len(ordered)
    lower = quantile_lower_bound(ordered, q, confidence)
    upper = quantile_upper_bound(ordered, q, confidence)
    # The smallest value with a share of at least q at or below it; n · q may come out an ulp too large.
    value = ordered[max(1, math.ceil(n * q * (1.0 - 1e-15))) - 1] if n else None
    return Quantile(value=value, lower=lower, upper=upper, n=n)


def quantile_upper_bound(ordered: Ordered, q: float, confidence: float = 0.95) -> float | None:
    """The sample that the true q-quantile does not exceed; None when there are too few.

    Raises: ValueError for q or a confidence outside 0..1.
    """
    rank = upper_rank(len(ordered), q, confidence)
    return None if rank is None else ordered[rank - 1]


def quantile_lower_bound(ordered: Ordered, q: float, confidence: float = 0.95) -> float | None:
    """The sample that the true q-quantile does not fall below; None when there are too few.

    Raises: ValueError for q or a confidence outside 0..1.
    """
    rank = lower_rank(len(ordered), q, confidence)
    return None if rank is None else ordered[rank - 1]


def upper_rank(n: int, q: float, confidence: float = 0.95) -> int | None:
    """Which of n ascending samples, counted from 1, bounds the q-quantile from above; None when none does.

    Raises: ValueError for n below 0, or q or a confidence outside 0..1.
    """
    _require_shares(n, q, confidence)
    risk = (1.0 - confidence) * (1.0 + _ROUNDING)
    rank = 1 + bisect_left(range(1, n + 1), True, key=lambda r: _at_least(r, n, q) <= risk)
    return rank if rank <= n else None


def lower_rank(n: int, q: float, confidence: float = 0.95) -> int | None:
    """Which of n ascending samples, counted from 1, bounds the q-quantile from below; None when none does.

    Raises: ValueError for n below 0, or q or a confidence outside 0..1.
    """
    _require_shares(n, q, confidence)
    risk = (1.0 - confidence) * (1.0 + _ROUNDING)
    rank = bisect_left(range(1, n + 1), True, key=lambda r: _fewer_than(r, n, q) > risk)
    return rank or None


def _at_least(r: int, n: int, q: float) -> float:
    # P(r or more of n samples lie at or below the quantile), https://dlmf.nist.gov/8.17#E24
    return incomplete_beta(r, n - r + 1, q)


def _fewer_than(r: int, n: int, q: float) -> float:
    return incomplete_beta(n - r + 1, r, 1.0 - q)


def _require_shares(n: int, q: float, confidence: float) -> None:
    if n < 0:
        raise ValueError(f"expected n ≥ 0, got {n}")
    if not (0 < q < 1 and 0 < confidence < 1):
        raise ValueError(f"expected q and confidence between 0 and 1, got {q} and {confidence}")
