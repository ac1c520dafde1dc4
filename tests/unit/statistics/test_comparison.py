"""Two runs compared: clear effects are named, noise is not, and the verdict follows the interval."""

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.statistics import Comparison, compare

Noise = Callable[[Random, int, float], list[float]]
Slices = Callable[[Random, int, float], list[float]]

values = st.lists(st.integers(-100, 100).map(float), min_size=10, max_size=30)


@pytest.fixture(scope="module")
def slices(noise: Noise) -> Slices:
    return lambda random, n, middle: [middle + value for value in noise(random, n, 0.5)]


def compared(before: Sequence[float], after: Sequence[float], **choice: Any) -> Comparison:
    return compare(before, after, Random(1), **{"minimum_effect": 0.5, "resamples": 300, **choice})


def test_a_slower_run_is_worse_and_a_faster_one_better(slices: Slices) -> None:
    random = Random(2)
    slow, fast = slices(random, 60, 20.0), slices(random, 60, 10.0)
    assert compared(fast, slow).verdict == "worse"
    assert compared(slow, fast).verdict == "better"


def test_more_throughput_is_better(slices: Slices) -> None:
    random = Random(2)
    much, little = slices(random, 60, 20.0), slices(random, 60, 10.0)
    assert compared(little, much, lower_is_better=False).verdict == "better"
    assert compared(much, little, lower_is_better=False).verdict == "worse"


def test_a_clear_difference_below_the_minimum_effect_is_the_same(slices: Slices) -> None:
    random = Random(3)
    assert compared(slices(random, 60, 10.0), slices(random, 60, 11.0), minimum_effect=5.0).verdict == "same"


def test_a_difference_that_may_or_may_not_matter_is_unclear(slices: Slices) -> None:
    random = Random(4)
    before, after = slices(random, 60, 10.0), slices(random, 60, 11.0)
    seen = compared(before, after)
    assert seen.difference is not None
    assert compared(before, after, minimum_effect=seen.difference).verdict == "unclear"


def test_equal_runs_seldom_differ(slices: Slices) -> None:
    random = Random(5)
    verdicts = [
        compare(slices(random, 60, 10.0), slices(random, 60, 10.0), random, minimum_effect=0.1, resamples=200)
        for _ in range(150)
    ]
    assert sum(comparison.verdict in ("better", "worse") for comparison in verdicts) <= 0.1 * 150


@pytest.mark.parametrize(("before", "after"), [(9, 100), (100, 9), (0, 0)])
def test_fewer_than_ten_slices_are_unclear(before: int, after: int) -> None:
    unclear = Comparison(difference=None, lower=None, upper=None, verdict="unclear")
    assert compared([1.0] * before, [9.0] * after) == unclear


def test_constant_runs_differ_exactly() -> None:
    assert compared([1.0] * 10, [3.0] * 20) == Comparison(
        difference=2.0, lower=2.0, upper=2.0, verdict="worse"
    )


def test_another_statistic_may_be_asked_for(slices: Slices) -> None:
    random = Random(6)
    calm = slices(random, 60, 10.0)
    peaked = [value + (100.0 if position % 5 == 0 else 0.0) for position, value in enumerate(calm)]
    assert compared(calm, peaked).verdict != "worse"
    assert compared(calm, peaked, statistic=max).verdict == "worse"


def test_one_seed_gives_one_answer(slices: Slices) -> None:
    random = Random(7)
    before, after = slices(random, 30, 1.0), slices(random, 30, 2.0)
    assert compared(before, after) == compared(before, after)


@settings(deadline=None, max_examples=40)
@given(before=values, after=values)
def test_negated_runs_negate_the_comparison(before: list[float], after: list[float]) -> None:
    seen = compared(before, after, resamples=100)
    mirrored = compared([-v for v in before], [-v for v in after], resamples=100, lower_is_better=False)
    assert seen.difference is not None
    if seen.lower is None or seen.upper is None:  # slices that repeat each other
        assert (mirrored.difference, mirrored.lower, mirrored.verdict) == (-seen.difference, None, "unclear")
        return
    assert seen.lower <= seen.difference <= seen.upper
    assert (mirrored.difference, mirrored.lower, mirrored.upper, mirrored.verdict) == (
        -seen.difference,
        -seen.upper,
        -seen.lower,
        seen.verdict,
    )


@pytest.mark.parametrize(
    "choice",
    [
        {"minimum_effect": -1.0},
        {"minimum_effect": math.nan},
        {"confidence": 0.0},
        {"confidence": 1.0},
        {"resamples": 99},
        {"before": [math.nan] * 20},
    ],
)
def test_parameters_outside_their_range_are_refused(choice: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"expected|not finite"):
        compared(**{"before": [1.0] * 20, "after": [1.0] * 20, **choice})


@pytest.mark.parametrize("n", [12, 30])
def test_slices_that_repeat_each_other_seldom_make_a_difference(noise: Noise, n: int) -> None:
    random = Random(8)
    verdicts = [
        compare(
            noise(random, n, 0.9), noise(random, n, 0.9), random, minimum_effect=0.1, resamples=200
        ).verdict
        for _ in range(100)
    ]
    assert sum(verdict in ("better", "worse") for verdict in verdicts) <= 15
