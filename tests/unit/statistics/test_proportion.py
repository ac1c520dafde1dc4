"""Clopper-Pearson bounds against references from binomial sums, and their properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.statistics import proportion, proportion_lower_bound, proportion_upper_bound

# mpmath 1.3 with 40 digits: the root in p of the binomial tail sum; k, n, lower, upper at 95 % one-sided.
REFERENCE = [
    (0, 10, 0.0, 0.25886555089305228),
    (1, 10, 0.0051161968918237011, 0.39416330243650478),
    (5, 10, 0.22244110100812908, 0.77755889899187092),
    (9, 10, 0.60583669756349522, 0.9948838031081763),
    (3, 300, 0.0027310302182070387, 0.025641393082609619),
    (10, 1000, 0.0054351401447067733, 0.016903175120562506),
    (100, 10_000, 0.0084201989367390168, 0.011797233971347622),
    (2, 10**6, 3.5536162523859862e-7, 6.2957800991705985e-6),
    (1, 10**9, 5.1293294386235032e-11, 4.7438645095103854e-9),
    (50, 10**9, 3.8964732778019389e-8, 6.3287073675297142e-8),
    # by quadrature of the beta density, as in test_beta.py
    (10**7, 10**9, 0.0099948251360977653, 0.010005176958446773),
]


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 10**9))
    return draw(st.integers(0, min(n, draw(st.sampled_from([10, 10**9]))))), n


confidences = st.floats(0.5, 0.9999)


@pytest.mark.parametrize(("k", "n", "lower", "upper"), REFERENCE)
def test_bounds_agree_with_the_reference(k: int, n: int, lower: float, upper: float) -> None:
    assert proportion_lower_bound(k, n) == pytest.approx(lower, rel=1e-9, abs=0)
    assert proportion_upper_bound(k, n) == pytest.approx(upper, rel=1e-9, abs=0)


@given(counts=counts(), confidence=confidences)
def test_bounds_bracket_what_was_seen(counts: tuple[int, int], confidence: float) -> None:
    found = proportion(*counts, confidence)
    assert found is not None
    assert 0 <= found.lower <= found.value * (1 + 1e-12)
    assert found.value <= found.upper * (1 + 1e-12)
    assert found.upper <= 1
    assert found.n == counts[1]


@given(counts=counts(), confidence=confidences)
def test_counting_the_others_mirrors_the_bounds(counts: tuple[int, int], confidence: float) -> None:
    k, n = counts
    upper, lower = proportion_upper_bound(k, n, confidence), proportion_lower_bound(n - k, n, confidence)
    assert upper is not None
    assert lower is not None
    assert upper == pytest.approx(1 - lower, abs=1e-12)


@given(counts=counts(), confidence=confidences, more=confidences)
def test_more_confidence_never_lowers_the_upper_bound(
    counts: tuple[int, int], confidence: float, more: float
) -> None:
    low, high = (proportion_upper_bound(*counts, c) for c in sorted((confidence, more)))
    assert low is not None
    assert high is not None
    assert low <= high * (1 + 1e-12)


@given(counts=counts())
def test_one_more_failure_raises_and_one_more_success_lowers_the_bound(counts: tuple[int, int]) -> None:
    k, n = counts
    seen = proportion_upper_bound(k, n)
    failed, succeeded = proportion_upper_bound(k + 1, n + 1), proportion_upper_bound(k, n + 1)
    assert seen is not None
    assert failed is not None
    assert succeeded is not None
    assert succeeded <= seen * (1 + 1e-12)
    assert seen <= failed * (1 + 1e-12)


def test_nothing_tried_bounds_nothing() -> None:
    assert proportion(0, 0) is None
    assert proportion_upper_bound(0, 0) is None
    assert proportion_lower_bound(0, 0) is None


def test_no_failure_and_only_failures_reach_the_ends() -> None:
    assert proportion_lower_bound(0, 1000) == 0.0
    assert proportion_upper_bound(1000, 1000) == 1.0
    assert proportion_upper_bound(0, 1000) == pytest.approx(1 - 0.05 ** (1 / 1000), rel=1e-12)


@pytest.mark.parametrize(
    ("k", "n", "confidence"), [(-1, 10, 0.95), (11, 10, 0.95), (1, 10, 0.0), (1, 10, 1.0), (0, -1, 0.95)]
)
def test_impossible_counts_and_confidences_are_refused(k: int, n: int, confidence: float) -> None:
    with pytest.raises(ValueError, match="expected"):
        proportion_upper_bound(k, n, confidence)
    with pytest.raises(ValueError, match="expected"):
        proportion_lower_bound(k, n, confidence)
