"""Time series put in order and thinned."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.statistics.series import Point, in_order, thinned

series = st.lists(st.tuples(st.integers(0, 50).map(float), st.floats(-1e6, 1e6)), max_size=80)


@given(points=series)
def test_the_order_of_the_points_does_not_matter(points: list[Point]) -> None:
    assert in_order(reversed(points)) == in_order(points)


@given(points=series)
def test_times_ascend_strictly(points: list[Point]) -> None:
    times = [time for time, _ in in_order(points)]
    assert times == sorted({time for time, _ in points})


def test_values_at_one_time_become_their_median() -> None:
    assert in_order([(1.0, 9.0), (0.0, 5.0), (1.0, 1.0), (1.0, 2.0)]) == [(0.0, 5.0), (1.0, 2.0)]


@given(points=series.map(in_order), most=st.integers(1, 100))
def test_thinning_keeps_order_and_limit(points: list[Point], most: int) -> None:
    kept = thinned(points, most)
    assert len(kept) == min(len(points), most)
    assert kept == sorted(kept)


def test_a_spike_vanishes_in_its_block() -> None:
    points = [(float(i), 1000.0 if i == 4 else 1.0) for i in range(9)]
    assert thinned(points, 3) == [(1.0, 1.0), (4.0, 1.0), (7.0, 1.0)]


@pytest.mark.parametrize("point", [(math.nan, 1.0), (1.0, math.inf), (1.0, math.nan)])
def test_points_that_are_not_finite_are_refused(point: Point) -> None:
    with pytest.raises(ValueError, match="not finite"):
        in_order([(0.0, 0.0), point])
