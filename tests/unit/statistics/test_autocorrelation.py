"""How much longer a dependent series has to be to say the same."""

from collections.abc import Callable
from random import Random

import pytest

from battery.statistics.autocorrelation import variance_inflation

Noise = Callable[[Random, int, float], list[float]]


def test_independent_values_are_hardly_inflated(noise: Noise) -> None:
    assert 1.0 <= variance_inflation(noise(Random(1), 2000, 0.0)) < 1.3


@pytest.mark.parametrize("memory", [0.5, 0.8])
def test_dependent_values_are_inflated_as_theory_says(noise: Noise, memory: float) -> None:
    expected = (1 + memory) / (1 - memory)
    found = [variance_inflation(noise(Random(seed), 1000, memory)) for seed in range(10)]
    assert sum(found) / 10 == pytest.approx(expected, rel=0.25)


def test_alternating_values_do_not_count_for_more_than_they_are() -> None:
    assert variance_inflation([1.0, -1.0] * 50) == pytest.approx(1.0, abs=0.05)


def test_a_constant_is_not_inflated() -> None:
    assert variance_inflation([3.0] * 20) == 1.0


def test_a_slow_wave_leaves_no_less_than_three_values() -> None:
    assert variance_inflation([float(abs(i - 50)) for i in range(100)]) <= 100 / 3


def test_a_ramp_sums_every_positive_pair() -> None:
    assert variance_inflation([float(i) for i in range(30)]) == pytest.approx(10.0)
