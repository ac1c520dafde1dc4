"""The regularised incomplete beta function I_x(a, b) and its inverse in x.

Binomial tails, and with them every exact bound of a rate or a quantile, are values of this function.
"""

import math

_FRACTION_CONVERGED = 3e-15
_NEWTON_CONVERGED = 1e-10  # of a step that squares its error
_SERIES_FROM = 16.0
_HALF_LOG_TWO_PI = 0.5 * math.log(2 * math.pi)
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The probability that a Beta(a, b) variable is at most x.

    Raises: ValueError for a or b that is not positive, or x outside 0..1.
    """
    if not (a > 0 and b > 0 and 0 <= x <= 1):
        raise ValueError(f"expected a > 0, b > 0 and 0 ≤ x ≤ 1, got a={a}, b={b}, x={x}")
    if x in (0.0, 1.0):
        return float(x)
    return math.exp(_log_tails(a, b, x, 1.0 - x)[0])


def inverse_incomplete_beta(a: float, b: float, p: float) -> float:
    """The x at which I_x(a, b) = p.

    Raises: ValueError for a or b below 1/2, or p outside 1e-100..1 (0 is allowed).
    """
    if not (a >= 0.5 and b >= 0.5 and (p == 0 or 1e-100 <= p <= 1)):
        raise ValueError(f"expected a ≥ 1/2, b ≥ 1/2 and p = 0 or 1e-100 ≤ p ≤ 1, got a={a}, b={b}, p={p}")
    if p in (0.0, 1.0):
        return float(p)
    # In u = log(x / (1 − x)) the density is proportional to x^a (1−x)^b, which is log-concave, and so are both
    # tails: Newton's method on the logarithm of the smaller one converges from the mean without a bracket.
    logit = math.log(a / b)
    step = math.inf
    while abs(step) > _NEWTON_CONVERGED:
        step = _newton_step(a, b, logit, p)
        logit += step
    return _logistic(logit)


def _newton_step(a: float, b: float, logit: float, p: float) -> float:
    x, y = _logistic(logit), _logistic(-logit)
    lower, upper = _log_tails(a, b, x, y)
    kernel = _log_kernel(a, b, x, y)
    if p <= 0.5:
        return (math.log(p) - lower) * math.exp(lower - kernel)
    return (upper - math.log(1.0 - p)) * math.exp(upper - kernel)


def _logistic(logit: float) -> float:
    return math.exp(logit) / (1.0 + math.exp(logit)) if logit < 0 else 1.0 / (1.0 + math.exp(-logit))


def _log_tails(a: float, b: float, x: float, y: float) -> tuple[float, float]:
    # y is 1 − x, with all its digits where x is near 1. The fraction is good on the near side of the mean.
    kernel = _log_kernel(a, b, x, y)
    below_mean = a * y - b * x
    if below_mean >= 0:
        lower = kernel - math.log(_fraction(a, b, x, y, below_mean))
        return lower, math.log1p(-math.exp(lower))
    upper = kernel - math.log(_fraction(b, a, y, x, -below_mean))
    return math.log1p(-math.exp(upper)), upper


def _log_kernel(a: float, b: float, x: float, y: float) -> float:
    # log(x^a y^b / B(a, b)). With lgamma three terms near 1e10 cancel and leave an error of 1e-6; in the form
    # around the mean (Loader, "Fast and accurate computation of binomial probabilities", 2000) nothing large
    # is ever added.
    n = a + b
    around_mean = _divergence(a, n * x) + _divergence(b, n * y)
    corrections = _stirling(n) - _stirling(a) - _stirling(b)
    return around_mean + corrections + 0.5 * math.log(a / n * b) - _HALF_LOG_TWO_PI


def _divergence(count: float, mean: float) -> float:
    # count · log(mean / count) − (mean − count), without cancellation when mean is near count:
    # with r = d / (2 + d), log(1 + d) = 2 atanh(r) and d − 2r = r d.
    d = (mean - count) / count
    if abs(d) > 0.3:
        return count * (math.log(mean / count) - d)
    r = d / (2.0 + d)
    square = r * r
    tail = 0.0
    for odd in range(27, 1, -2):
        tail = tail * square + 1.0 / odd
    return count * (2.0 * r * square * tail - r * d)


def _stirling(z: float) -> float:
    # log Γ(z) − [(z − ½) log z − z + ½ log 2π], https://dlmf.nist.gov/5.11#E1
    if z < _SERIES_FROM:
        return math.lgamma(z) - ((z - 0.5) * math.log(z) - z + _HALF_LOG_TWO_PI)
    square = z * z
    total = 0.0
    for coefficient in reversed(_STIRLING):
        total = total / square + coefficient
    return total / z


def _fraction(a: float, b: float, x: float, y: float, below_mean: float) -> float:
    # The even part of the continued fraction https://dlmf.nist.gov/8.17#E22, as DiDonato and Morris write it
    # (TOMS 708): left of the mean its leading terms are all positive, so nothing cancels. Evaluated forward by
    # the ratios of successive numerators and denominators; about sqrt(min(a, b)) rounds near the mean.
    value = numerator = a * (below_mean + 1.0) / (a + 1.0)
    denominator = change = 0.0
    m = 0
    while abs(change - 1.0) > _FRACTION_CONVERGED:
        m += 1
        twice = a + 2 * m - 1.0
        alpha = (a + m - 1.0) / twice * ((a + b + m - 1.0) * x) / twice * (m * (b - m) * x)
        beta = m + m * (b - m) * x / twice + (a + m) * (below_mean + 1.0 + m * (1.0 + y)) / (twice + 2.0)
        numerator = beta + alpha / numerator
        denominator = 1.0 / (beta + alpha * denominator)
        change = numerator * denominator
        value *= change
    return value
