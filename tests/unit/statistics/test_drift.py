"""Drift: true trends are found, noise with a memory is not taken for one too often."""

import math
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.statistics import Trend, trend

Point = tuple[float, float]
Noise = Callable[[Random, int, float], list[float]]

series = st.lists(st.tuples(st.integers(0, 100), st.integers(-1000, 1000)), min_size=10, max_size=40).map(
    lambda points: [(float(time), float(value)) for time, value in points]
)


def found(points: list[Point], confidence: float = 0.95) -> Trend:
    result = trend(points, confidence)
    assert result is not None
    return result


def over_time(values: list[float]) -> list[Point]:
    return [(float(time), value) for time, value in enumerate(values)]


def alarms(runs: int, series_of: Callable[[Random], list[float]]) -> float:
    random = Random(7)
    return sum(found(over_time(series_of(random))).p_value < 0.05 for _ in range(runs)) / runs


@pytest.mark.parametrize(
    ("memory", "n", "most"), [(0.0, 60, 0.07), (0.5, 60, 0.12), (0.8, 120, 0.13), (0.5, 20, 0.15)]
)
def test_noise_with_a_memory_seldom_looks_like_drift(
    noise: Noise, memory: float, n: int, most: float
) -> None:
    assert alarms(250, lambda random: noise(random, n, memory)) <= most


@pytest.mark.parametrize("cycles", [1.0, 1.5, 3.0, 10.0])
def test_a_slow_wave_is_not_drift(cycles: float) -> None:
    def wave(random: Random) -> list[float]:
        phase = random.random()
        return [math.sin(2 * math.pi * (cycles * i / 120 + phase)) + random.gauss(0, 0.3) for i in range(120)]

    assert alarms(60, wave) <= 0.1


def test_a_leak_under_noise_with_a_memory_is_found_with_its_slope(noise: Noise) -> None:
    random = Random(3)
    for _ in range(20):
        leak = found(over_time([0.1 * i + value for i, value in enumerate(noise(random, 300, 0.5))]))
        assert leak.p_value < 1e-6
        assert leak.lower > 0
        assert leak.slope == pytest.approx(0.1, rel=0.2)


@pytest.mark.parametrize("n", [15, 60, 200])
def test_a_steady_worsening_by_a_percent_is_found_though_it_is_no_straight_line(n: int) -> None:
    random = Random(4)
    for _ in range(20):
        worse = found(over_time([1.01**i + random.gauss(0, 0.005) for i in range(n)]))
        assert worse.p_value < 0.05
        assert worse.lower > 0


def test_the_interval_covers_the_true_slope_as_often_as_it_says() -> None:
    random, covered = Random(5), 0
    for _ in range(300):
        result = found(over_time([0.05 * i + random.gauss(0, 1) for i in range(40)]))
        covered += result.lower <= 0.05 <= result.upper
    assert covered >= 0.92 * 300


def test_a_straight_line_has_its_slope_and_no_doubt() -> None:
    line = found([(0.1 * i, 3.0 - 0.7 * i) for i in range(100)])
    assert (line.slope, line.lower, line.upper) == pytest.approx((-7.0, -7.0, -7.0))
    assert line.p_value < 1e-20


def test_a_single_outlier_does_not_bend_the_slope() -> None:
    values = [float(i) for i in range(50)]
    values[10] = 1e9
    assert found(over_time(values)).slope == pytest.approx(1.0)


def test_a_constant_does_not_drift() -> None:
    assert found(over_time([5.0] * 30)) == Trend(slope=0.0, lower=0.0, upper=0.0, p_value=1.0, n=30)


def test_the_test_agrees_with_one_computed_by_hand() -> None:
    # Ten rising values: S = 45, variance 10 · 9 · 25 / 18 = 125, z = (45 − 1) / √125.
    rising = found(over_time([float(i) for i in range(10)]))
    assert rising.p_value == pytest.approx(math.erfc(44 / math.sqrt(125) / math.sqrt(2)), rel=1e-12)


def test_descriptors_that_rarely_change_are_judged_with_their_ties() -> None:
    assert found(over_time([20.0] * 58 + [21.0] * 2)).lower == 0.0
    assert found(over_time([20.0 + i // 6 for i in range(60)])).lower > 0


def test_a_long_series_costs_no_more_and_loses_no_trend() -> None:
    random = Random(6)
    result = found(over_time([1e-4 * i + random.gauss(0, 1) for i in range(30_000)]))
    assert result.n == 30_000
    assert result.slope == pytest.approx(1e-4, rel=0.1)
    assert result.lower <= 1e-4 <= result.upper


@settings(deadline=None)
@given(points=series, random=st.randoms(use_true_random=False))
def test_the_order_of_the_points_does_not_matter(points: list[Point], random: Random) -> None:
    shuffled = random.sample(points, len(points))
    assert trend(shuffled) == trend(points)


@given(points=series)
def test_negated_values_negate_the_trend(points: list[Point]) -> None:
    result, negated = trend(points), trend((time, -value) for time, value in points)
    if result is None or negated is None:
        assert result is negated
        return
    assert (negated.slope, negated.lower, negated.upper) == (-result.slope, -result.upper, -result.lower)
    assert negated.p_value == pytest.approx(result.p_value, rel=1e-6)


@given(points=series, confidence=st.floats(0.5, 0.999), more=st.floats(0.5, 0.999))
def test_bounds_bracket_the_slope_and_widen_with_confidence(
    points: list[Point], confidence: float, more: float
) -> None:
    narrow, wide = (trend(points, c) for c in sorted((confidence, more)))
    if narrow is None or wide is None:
        return
    assert wide.lower <= narrow.lower <= narrow.slope <= narrow.upper <= wide.upper
    assert 0 <= narrow.p_value <= 1


def test_fewer_than_ten_different_times_are_too_few() -> None:
    assert trend(over_time([float(i) for i in range(9)])) is None
    assert trend([(0.0, float(i)) for i in range(100)]) is None
    assert trend([]) is None


@pytest.mark.parametrize("confidence", [0.0, 1.0, math.nan])
def test_a_confidence_outside_its_range_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        trend([], confidence)
