"""How large, and how small, the true rate behind k of n may be: exact one-sided bounds (Clopper and Pearson, 1934)."""

from battery.model.frozen import Frozen
from battery.statistics.beta import inverse_incomplete_beta


class Proportion(Frozen, frozen=True, kw_only=True):
    """A rate seen in n trials, between bounds that each hold with the stated confidence."""

    value: float
    lower: float
    upper: float
    n: int


def proportion(k: int, n: int, confidence: float = 0.95) -> Proportion | None:
    """The rate k / n with its two one-sided bounds; None when nothing was tried.

    Raises: ValueError for k outside 0..n or a confidence outside 0..1.
    """
    lower = proportion_lower_bound(k, n, confidence)
    upper = proportion_upper_bound(k, n, confidence)
    if lower is None or upper is None:
        return None
    return Proportion(value=k / n, lower=lower, upper=upper, n=n)


def proportion_upper_bound(k: int, n: int, confidence: float = 0.95) -> float | None:
    """The rate that the true one does not exceed, after k of n; None when nothing was tried.

    Raises: ValueError for k outside 0..n or a confidence outside 0..1.
    """
    _require_counts(k, n, confidence)
    if n == 0:
        return None
    if k == n:
        return 1.0
    return inverse_incomplete_beta(k + 1, n - k, confidence)


def proportion_lower_bound(k: int, n: int, confidence: float = 0.95) -> float | None:
    """The rate that the true one does not fall below, after k of n; None when nothing was tried.

    Raises: ValueError for k outside 0..n or a confidence outside 0..1.
    """
    _require_counts(k, n, confidence)
    if n == 0:
        return None
    if k == 0:
        return 0.0
    return inverse_incomplete_beta(k, n - k + 1, 1.0 - confidence)


def _require_counts(k: int, n: int, confidence: float) -> None:
    if not 0 <= k <= n:
        raise ValueError(f"expected 0 ≤ k ≤ n, got k={k}, n={n}")
    if not 0 < confidence < 1:
        raise ValueError(f"expected a confidence between 0 and 1, got {confidence}")
