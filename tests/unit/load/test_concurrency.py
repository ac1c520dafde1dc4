"""P2's curve."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.load.concurrency import Point, fit_curve, knee

USERS = (1, 8, 32, 128)


def points(rates: list[float], users: tuple[int, ...] = USERS) -> list[Point]:
    return [
        Point(users=count, throughput=rate, p50=count / rate * 1000, p99=0.0)
        for count, rate in zip(users, rates, strict=True)
    ]


def law(users: int, alone: float, contention: float, coherency: float) -> float:
    return alone * users / (1 + contention * (users - 1) + coherency * users * (users - 1))


@given(
    alone=st.floats(1, 1e5),
    contention=st.floats(0.001, 0.9),
    coherency=st.floats(0.00001, 0.01),
)
def test_a_service_that_follows_the_law_gets_its_own_parameters_back(
    alone: float, contention: float, coherency: float
) -> None:
    curve = fit_curve(points([law(users, alone, contention, coherency) for users in USERS]))
    assert curve.alone == pytest.approx(alone, rel=1e-3)
    assert curve.contention == pytest.approx(contention, rel=1e-2, abs=1e-4)
    assert curve.coherency == pytest.approx(coherency, rel=1e-2, abs=1e-6)


def test_capacity_is_the_top_of_the_curve() -> None:
    curve = fit_curve(points([law(users, 1000, 0.05, 0.0005) for users in USERS]))
    assert curve.capacity is not None
    assert curve.capacity_users is not None
    top = max(law(users, 1000, 0.05, 0.0005) for users in range(1, 200))
    assert curve.capacity == pytest.approx(top, rel=1e-3)
    assert curve.capacity_users == pytest.approx(43.6, abs=0.1)


def test_a_service_without_retrograde_part_has_a_ceiling_and_no_top() -> None:
    curve = fit_curve(points([law(users, 1000, 0.2, 0.0) for users in USERS]))
    assert curve.capacity == pytest.approx(5000, rel=1e-3)
    assert curve.capacity_users is None


def test_perfect_scaling_states_no_capacity() -> None:
    curve = fit_curve(points([1000.0 * users for users in USERS]))
    assert curve.alone == pytest.approx(1000)
    assert curve.capacity is None


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_stages_fit_no_law(count: int) -> None:
    curve = fit_curve(points([100.0, 200.0][:count], USERS[:count]))
    assert (curve.alone, curve.capacity) == (None, None)


def test_stages_that_answered_nothing_are_left_out() -> None:
    silent = Point(users=64, throughput=0.0, p50=0.0, p99=0.0)
    curve = fit_curve([*points([law(users, 1000, 0.1, 0.001) for users in USERS]), silent])
    assert curve.contention == pytest.approx(0.1, rel=1e-2)
    assert knee([silent]) is None


def test_the_knee_is_where_throughput_per_latency_is_best() -> None:
    measured = [
        Point(users=1, throughput=100, p50=10, p99=0),
        Point(users=8, throughput=700, p50=11, p99=0),
        Point(users=32, throughput=900, p50=35, p99=0),
    ]
    assert knee(measured) == 8
