"""The steady-state hypothesis."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.chaos.recovery.level import level_of, median, moved_from
from battery.chaos.recovery.steady import Hypothesis, hypothesis
from tests.unit.chaos.recovery.series import FAST, ORDERS, READY, probe, series


def test_a_level_is_taken_of_each_request() -> None:
    whole = series(6.0, lambda time: FAST if (time * 16) % 2 == 0 else 0.1)
    found = hypothesis(whole.probes, whole.requests, 6.0)
    ready, orders = found.levels
    assert (ready.request, ready.p50, ready.n, ready.rate) == (READY, FAST, 40, 8.0)
    assert orders.request == ORDERS
    assert orders.p95 == pytest.approx(0.1)
    assert ready.slow == pytest.approx(FAST + 0.05)
    assert orders.slow == pytest.approx(0.3)
    assert ready.moved == pytest.approx(FAST + 0.02)
    assert orders.moved == pytest.approx(0.2)
    assert (found.problem, found.failed, found.n) == ("", 0, 79), "the last one was still under way"


def test_only_the_baseline_and_what_had_ended_by_then_counts() -> None:
    whole = series(8.0, lambda time: None if time < 1.0 else 0.3 if time >= 5.9 else FAST)
    found = hypothesis(whole.probes, whole.requests, 6.0)
    assert found.problem == ""
    assert found.levels[0].p95 == FAST


def test_too_few_probes_are_no_steady_state() -> None:
    whole = series(2.0, lambda _: FAST)
    found = hypothesis(whole.probes, whole.requests, 2.0)
    assert "ready: 16 probes had ended in the 5 s before the fault, at least 20 are needed" in found.problem
    assert found.levels == ()
    assert found.unsteady(whole.probes, 2.0) == "there is no level to compare with"


def test_nothing_probed_is_no_steady_state() -> None:
    assert hypothesis((), (), 6.0).problem == "no request was probed"


def test_a_target_that_warms_up_or_goes_down_is_not_steady_yet() -> None:
    for first, second in ((FAST, 0.2), (0.2, FAST)):
        whole = series(6.0, lambda time, a=first, b=second: a if time < 3.5 else b)  # type: ignore[misc]
        assert "latency was moving" in hypothesis(whole.probes, whole.requests, 6.0).problem


def test_failures_that_a_target_has_anyway_are_allowed_afterwards_too() -> None:
    found = Hypothesis(failed=1, n=200)
    assert [found.allowed(n) for n in (0, 1, 200, 201)] == [0, 1, 1, 2]
    assert Hypothesis().allowed(10) == 0


def test_a_probe_of_a_request_without_a_level_is_bad_only_when_it_failed() -> None:
    assert not Hypothesis().is_bad(probe(0.0, 9.0))
    assert Hypothesis().is_bad(probe(0.0, None))


def test_windows_that_disagree_say_why() -> None:
    whole = series(6.0, lambda _: FAST)
    steady = hypothesis(whole.probes, whole.requests, 6.0)
    window = series(3.0, lambda _: FAST).probes
    assert steady.unsteady(window, 3.0) == ""
    assert steady.unsteady((*window[1:], probe(3.0, None)), 3.0) == "1 of 48 probes failed"
    assert "failed or took more than 54 ms" in steady.unsteady(series(3.0, lambda _: 0.1).probes, 3.0)
    assert "ready: median 40 ms" in steady.unsteady(series(3.0, lambda _: 0.04).probes, 3.0)
    assert "orders: only 0 probes in 3 s" in steady.unsteady([p for p in window if p.request == READY], 3.0)


def test_a_failure_is_slower_than_any_answer() -> None:
    assert median([probe(0, None), probe(1, 5.0), probe(2, None)]) == math.inf


def test_a_level_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no probe of x"):
        level_of("x", (), 1.0)


@given(st.lists(st.floats(0.0001, 1.0), min_size=20, max_size=60))
def test_what_made_the_level_is_at_the_level(times: list[float]) -> None:
    probes = [probe(n * 0.1, took) for n, took in enumerate(times)]
    level = level_of(READY, probes, len(times) * 0.1)
    assert level.left(probes, len(times) * 0.1) == ""
    assert level.p50 <= level.p95
    assert level.moved <= level.slow


@given(st.floats(0, 10), st.floats(0, 10))
def test_the_bound_of_a_middle_rises_with_it(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert moved_from(low) <= moved_from(high)
