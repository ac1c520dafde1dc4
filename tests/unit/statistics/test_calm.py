"""The course of a series: bursts that come and go are left out, what is true of the series stays."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.statistics import calm, start_of

Point = tuple[float, float]
points = st.lists(st.tuples(st.integers(0, 200), st.integers(-1000, 1000)), max_size=60).map(
    lambda found: [(float(time), float(value)) for time, value in found]
)


def noisy(n: int, slope: float = 0.0, seed: int = 1) -> list[Point]:
    random = Random(seed)
    return [(float(i), 10 + slope * i + random.gauss(0, 0.2)) for i in range(n)]


def lifted(series: list[Point], seconds: range, by: float = 5.0) -> list[Point]:
    return [(time, value + by * (int(time) in seconds)) for time, value in series]


@pytest.mark.parametrize("slope", [-0.1, 0.0, 0.2])
@pytest.mark.parametrize("burst", [range(6), range(10, 14), range(17, 29)])
def test_a_burst_that_came_and_went_is_left_out(slope: float, burst: range) -> None:
    found = calm(lifted(noisy(40, slope), burst))
    times = {int(time) for time, _ in found.course}
    assert times.isdisjoint(burst)
    assert len(times) >= 40 - len(burst) - 3
    assert found.lasting == ()


def test_what_stays_until_the_end_is_kept_apart_for_it_may_be_true() -> None:
    found = calm(lifted(noisy(40), range(30, 40)))
    assert {int(time) for time, _ in found.lasting} == set(range(30, 40))
    assert not any(time >= 30 for time, _ in found.course)


def test_bursts_that_come_more_and_more_often_may_be_a_growth() -> None:
    bursts = {20, 30, 36, 41, 45, 46, 49, 50, 53, 54, 56, 58}
    series = [(time, value + 8 * (int(time) in bursts)) for time, value in noisy(60)]
    found = calm(series)
    assert {int(time) for time, _ in found.lasting} >= bursts
    seldom = [(time, value + 8 * (59 - int(time) in bursts)) for time, value in noisy(60)]
    assert calm(seldom).lasting == (), "less and less often is none"


def test_scattered_seconds_are_left_out_one_by_one() -> None:
    random = Random(3)
    bursts = {i for i in range(59) if random.random() < 0.25}
    series = [(time, value + 8 * (int(time) in bursts)) for time, value in noisy(60, 0.1)]
    assert {int(time) for time, _ in calm(series).course}.isdisjoint(bursts)


def test_where_half_of_it_is_lifted_nothing_is_left_out() -> None:
    series = lifted(noisy(40), range(20, 40))
    assert calm(series).course == tuple(series)


def test_a_steady_growth_is_no_burst() -> None:
    series = [(float(i), 20 * 1.01**i) for i in range(60)]
    assert len(calm(series).course) >= 58


def test_points_that_are_too_few_are_all_kept() -> None:
    series = lifted(noisy(9), range(3, 5))
    assert calm(series).course == tuple(series)
    assert calm([]).course == ()


def test_a_long_series_is_judged_as_a_short_one() -> None:
    found = calm(lifted(noisy(4000, 0.001), range(1000, 2000)))
    assert not any(1000 <= time < 2000 for time, _ in found.course)
    assert len(found.course) > 2900


def test_a_line_begins_where_its_points_do() -> None:
    assert start_of([(5.0 + i, 2.0 * i + 3) for i in range(10)], 2.0) == pytest.approx(3.0)


@given(points)
def test_what_is_kept_is_a_part_of_the_series_in_its_order(series: list[Point]) -> None:
    found = calm(series)
    for part in (found.course, found.lasting):
        assert [time for time, _ in part] == sorted({time for time, _ in part})
    times = {time for time, _ in found.course} | {time for time, _ in found.lasting}
    assert len(times) == len(found.course) + len(found.lasting)
    assert times <= {time for time, _ in series}
    assert len(found.course) >= 0.55 * len({time for time, _ in series}) - 1


@given(points, st.integers(-50, 50))
def test_where_the_whole_series_lies_does_not_matter(series: list[Point], rise: int) -> None:
    moved = [(time, value + rise) for time, value in series]
    assert [time for time, _ in calm(moved).course] == [time for time, _ in calm(series).course]


def test_a_value_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        calm([(0.0, math.nan)])
