"""Order-statistic bounds of quantiles: exact ranks, properties and simulated coverage."""

import math
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.statistics import (
    Counted,
    Quantile,
    lower_rank,
    quantile,
    quantile_lower_bound,
    quantile_upper_bound,
    upper_rank,
)

sizes = st.integers(0, 10**6) | st.integers(0, 10**9)
qs = st.floats(0.001, 0.9999)
confidences = st.floats(0.5, 0.9999)


def exact_upper_rank(n: int, q: float, confidence: float) -> int | None:
    # As in the product, a tail that equals the risk up to rounding is small enough.
    share, reached, enough = (
        Fraction(q),
        Fraction(0),
        1 - (1 - Fraction(confidence)) * (1 + Fraction(1, 10**12)),
    )
    for rank in range(1, n + 1):
        reached += math.comb(n, rank - 1) * share ** (rank - 1) * (1 - share) ** (n - rank + 1)
        if reached >= enough:
            return rank
    return None


def rank_or_beyond(n: int, q: float, confidence: float) -> int:
    rank = upper_rank(n, q, confidence)
    return n + 1 if rank is None else rank


@pytest.mark.parametrize(("q", "fewest"), [(0.5, 5), (0.9, 29), (0.99, 299), (0.999, 2995)])
def test_a_bound_needs_enough_samples(q: float, fewest: int) -> None:
    assert upper_rank(fewest, q) == fewest
    assert upper_rank(fewest - 1, q) is None
    assert lower_rank(fewest, 1 - q) == 1
    assert lower_rank(fewest - 1, 1 - q) is None


@given(n=st.integers(0, 60), q=st.sampled_from([0.25, 0.5, 0.9, 0.99]) | qs, confidence=confidences)
def test_ranks_of_small_runs_are_exact(n: int, q: float, confidence: float) -> None:
    assert upper_rank(n, q, confidence) == exact_upper_rank(n, q, confidence)


def test_a_tail_that_equals_the_risk_is_enough() -> None:
    assert upper_rank(4, 0.5, 0.9375) == 4
    assert lower_rank(4, 0.5, 0.9375) == 1


@pytest.mark.parametrize(("q", "upper"), [(0.5, 500_026_008), (0.99, 990_005_176), (0.999, 999_001_645)])
def test_a_billion_samples_are_bounded_where_the_normal_limit_says(q: float, upper: int) -> None:
    n = 10**9
    assert upper_rank(n, q) == upper
    # 1.6449 is the 95 % point of the normal distribution.
    assert upper == pytest.approx(n * q + 1.6448536269514722 * math.sqrt(n * q * (1 - q)), abs=3)


@given(n=sizes, q=qs, confidence=confidences)
def test_the_lower_rank_mirrors_the_upper(n: int, q: float, confidence: float) -> None:
    share = 1.0 - q  # so that its complement is exact
    upper, lower = upper_rank(n, 1.0 - share, confidence), lower_rank(n, share, confidence)
    mirrored = None if upper is None else n + 1 - upper
    assert mirrored == lower


@given(n=sizes, q=qs, other=qs, confidence=confidences)
def test_the_rank_rises_with_the_quantile(n: int, q: float, other: float, confidence: float) -> None:
    low, high = sorted((q, other))
    assert rank_or_beyond(n, low, confidence) <= rank_or_beyond(n, high, confidence)


@given(n=sizes, q=qs, confidence=confidences, more=confidences)
def test_the_rank_rises_with_the_confidence(n: int, q: float, confidence: float, more: float) -> None:
    low, high = sorted((confidence, more))
    assert rank_or_beyond(n, q, low) <= rank_or_beyond(n, q, high)


@given(n=sizes, q=qs, confidence=confidences)
def test_one_sample_more_moves_the_rank_by_at_most_one(n: int, q: float, confidence: float) -> None:
    rank, following = rank_or_beyond(n, q, confidence), rank_or_beyond(n + 1, q, confidence)
    assert rank <= following <= rank + 1


@given(values=st.lists(st.floats(-1e9, 1e9), max_size=400).map(sorted), q=qs, confidence=confidences)
def test_bounds_bracket_the_quantile(values: list[float], q: float, confidence: float) -> None:
    found = quantile(values, q, confidence)
    assert found.n == len(values)
    if found.value is not None and found.lower is not None:
        assert found.lower <= found.value
    if found.value is not None and found.upper is not None:
        assert found.value <= found.upper


@given(values=st.lists(st.integers(0, 20).map(float), min_size=1, max_size=500).map(sorted), q=qs)
def test_a_histogram_gives_what_its_values_give(values: list[float], q: float) -> None:
    counted = Counted((value, values.count(value)) for value in sorted(set(values)))
    assert quantile(counted, q) == quantile(values, q)


def test_the_bound_covers_the_true_p99_as_often_as_it_says() -> None:
    random, truth = Random(1), -math.log(0.01)
    covered = 0
    for _ in range(1000):
        bound = quantile_upper_bound(sorted(random.expovariate(1.0) for _ in range(400)), 0.99)
        covered += bound is not None and bound >= truth
    assert covered >= 930


def test_the_lower_bound_stays_below_the_true_median_as_often_as_it_says() -> None:
    random = Random(2)
    covered = 0
    for _ in range(1000):
        bound = quantile_lower_bound(sorted(random.random() for _ in range(50)), 0.5)
        covered += bound is not None and bound <= 0.5
    assert covered >= 930


def test_no_samples_are_not_enough() -> None:
    assert quantile([], 0.5) == Quantile(value=None, lower=None, upper=None, n=0)


def test_too_few_samples_have_a_value_but_no_upper_bound() -> None:
    found = quantile([float(i) for i in range(100)], 0.99)
    assert (found.value, found.upper) == (98.0, None)
    assert found.lower is not None


def test_a_product_a_hair_above_a_whole_number_is_that_number() -> None:
    assert 0.07 * 100 > 7
    assert quantile([float(i) for i in range(1, 101)], 0.07).value == 7.0


@pytest.mark.parametrize(
    ("n", "q", "confidence"), [(-1, 0.5, 0.95), (9, 0.0, 0.95), (9, 1.0, 0.95), (9, 0.5, 1.0), (9, 0.5, 0.0)]
)
def test_arguments_outside_their_range_are_refused(n: int, q: float, confidence: float) -> None:
    with pytest.raises(ValueError, match="expected"):
        upper_rank(n, q, confidence)
    with pytest.raises(ValueError, match="expected"):
        lower_rank(n, q, confidence)
