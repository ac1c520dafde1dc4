"""When arrivals are due."""

import math
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.load.job import JobStage
from battery.load.schedule import arrivals, arrivals_between
from tests.unit.load.conftest import unhurried

rates = st.floats(min_value=0.0, max_value=200.0).map(lambda rate: round(rate, 2))
stages = st.lists(
    st.builds(
        JobStage,
        name=st.just("s"),
        seconds=st.floats(min_value=0.05, max_value=4.0),
        rate_from=rates,
        rate_to=rates,
    ),
    min_size=1,
    max_size=5,
)
phases = st.floats(min_value=0.0, max_value=0.999)


def steady(rate: float, seconds: float) -> JobStage:
    return JobStage(name="s", seconds=seconds, rate_from=rate, rate_to=rate)


def ramp(begin: float, end: float, seconds: float) -> JobStage:
    return JobStage(name="s", seconds=seconds, rate_from=begin, rate_to=end)


def drawn(shape: list[JobStage], kind: str = "constant", phase: float = 0.0) -> list[tuple[float, int]]:
    return list(arrivals(shape, kind, Random(1), phase))


def mass(shape: list[JobStage]) -> float:
    return sum((stage.rate_from + stage.rate_to) / 2 * stage.seconds for stage in shape)


@unhurried
@given(stages, phases)
def test_even_arrivals_are_as_many_as_the_rates_say(shape: list[JobStage], phase: float) -> None:
    assert abs(len(drawn(shape, phase=phase)) - (mass(shape) - phase)) <= 1.0 + 1e-6


@unhurried
@given(stages, phases, st.sampled_from(["constant", "poisson"]))
def test_arrivals_ascend_and_stay_inside_their_stage(shape: list[JobStage], phase: float, kind: str) -> None:
    found = drawn(shape, kind, phase)
    assert all(before[0] <= after[0] for before, after in pairwise(found))
    begins = [sum(stage.seconds for stage in shape[:index]) for index in range(len(shape) + 1)]
    for due, index in found:
        assert begins[index] - 1e-9 <= due <= begins[index + 1] + 1e-9


@unhurried
@given(st.integers(1, 500), st.floats(min_value=0.1, max_value=5.0), phases)
def test_even_arrivals_have_one_distance(rate: int, seconds: float, phase: float) -> None:
    found = [due for due, _ in drawn([steady(rate, seconds)], phase=phase)]
    assert all(math.isclose(after - before, 1 / rate, abs_tol=1e-9) for before, after in pairwise(found))


@unhurried
@given(stages, st.integers(1, 7))
def test_the_shares_of_all_workers_make_one_even_stream(shape: list[JobStage], workers: int) -> None:
    shares = [
        [
            JobStage(
                name="s",
                seconds=stage.seconds,
                rate_from=stage.rate_from / workers,
                rate_to=stage.rate_to / workers,
            )
            for stage in shape
        ]
    ] * workers
    parts = [drawn(share, phase=index / workers) for index, share in enumerate(shares)]
    together = sorted(due for part in parts for due, _ in part)
    alone = [due for due, _ in drawn(shape)]
    assert abs(len(together) - len(alone)) <= 1  # an arrival at the very end may round to either side
    # near a rate of 0 the clock turns rounding into time, so compare where a hair of mass is a hair of time
    if all(min(stage.rate_from, stage.rate_to) >= 1 for stage in shape):
        for mine, theirs in zip(together, alone, strict=False):
            assert mine == pytest.approx(theirs, abs=1e-6)


def test_a_ramp_is_exact() -> None:
    # 0 to 100/s in 2 s: the k-th arrival is due when 25 t² = k
    found = [due for due, _ in drawn([ramp(0, 100, 2)])]
    assert found == pytest.approx([math.sqrt(k / 25) for k in range(100)], abs=1e-9)


def test_a_ramp_down_to_nothing_is_exact() -> None:
    found = [due for due, _ in drawn([ramp(100, 0, 2)])]
    assert len(found) == 100
    assert found == pytest.approx([2 - math.sqrt((100 - k) / 25) for k in range(100)], abs=1e-7)


def test_a_step_begins_when_it_says() -> None:
    found = drawn([steady(10, 0.75), steady(1000, 0.2), steady(10, 1.0)])
    spike = [due for due, stage in found if stage == 1]
    assert len(spike) == 200
    assert 0.75 <= spike[0] < 0.7511
    assert spike[-1] < 0.95


def test_a_stage_without_a_rate_is_a_pause() -> None:
    found = drawn([steady(10, 1), steady(0, 5), steady(10, 1)])
    assert [stage for _, stage in found] == [0] * 10 + [2] * 10
    assert found[10][0] == pytest.approx(6.0)


def test_nothing_comes_of_no_rate_at_all() -> None:
    assert drawn([steady(0, 3)], "poisson") == []


def test_poisson_gaps_are_exponential() -> None:
    """Kolmogorov and Smirnov's test at 1 %: the critical value of √n · D is 1.63."""
    found = [due for due, _ in drawn([steady(500, 20)], "poisson")]
    gaps = sorted((after - before) * 500 for before, after in pairwise(found))
    n = len(gaps)
    furthest = max(
        max((rank + 1) / n - (1 - math.exp(-gap)), (1 - math.exp(-gap)) - rank / n)
        for rank, gap in enumerate(gaps)
    )
    assert math.sqrt(n) * furthest < 1.63


def test_poisson_counts_spread_as_their_mean() -> None:
    counts = [len(list(arrivals([steady(100, 1)], "poisson", Random(seed)))) for seed in range(400)]
    mean = sum(counts) / len(counts)
    variance = sum((count - mean) ** 2 for count in counts) / (len(counts) - 1)
    assert mean == pytest.approx(100, abs=2)
    assert variance == pytest.approx(100, rel=0.25)


def test_one_seed_gives_one_schedule() -> None:
    shape = [steady(100, 1)]
    assert list(arrivals(shape, "poisson", Random(3))) == list(arrivals(shape, "poisson", Random(3)))
    assert list(arrivals(shape, "poisson", Random(3))) != list(arrivals(shape, "poisson", Random(4)))


def test_a_schedule_of_hours_is_drawn_as_it_is_needed() -> None:
    shape = [steady(20_000, 8 * 3600)]
    assert next(iter(arrivals(shape, "constant", Random(1)))) == (0.0, 0)


@unhurried
@given(stages, phases, st.data())
def test_what_is_behind_can_be_counted_without_drawing_it(
    shape: list[JobStage], phase: float, data: st.DataObject
) -> None:
    found = drawn(shape, phase=phase)
    if not found:
        return
    first = data.draw(st.integers(0, len(found) - 1))
    end = sum(stage.seconds for stage in shape)
    counted = arrivals_between(shape, found[first][0], end)
    assert abs(sum(counted) - (len(found) - first)) <= 1
    for index, count in enumerate(counted):
        assert abs(count - sum(stage == index for _, stage in found[first:])) <= 1


def test_an_even_schedule_that_is_behind_is_counted_exactly() -> None:
    shape = [steady(10, 1), steady(0, 1), steady(1000, 2)]
    assert arrivals_between(shape, 0.5, 4.0) == [5, 0, 2000]
    assert arrivals_between(shape, 0.5, 2.5) == [5, 0, 500]
    assert arrivals_between(shape, 2.0, 2.0) == [0, 0, 0]
