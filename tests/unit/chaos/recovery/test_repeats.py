"""Several recoveries as one value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.chaos.recovery.repeats import repeats
from battery.chaos.recovery.span import Span
from battery.chaos.recovery.steady import Hypothesis
from battery.chaos.recovery.timeline import Timeline
from tests.unit.chaos.recovery.series import marks


def recovered(seconds: float | None, problem: str = "", latest: float | None = None) -> Timeline:
    """Recovered after so many seconds, or at the latest after more; None: not within 60."""
    steady = None if seconds is None else 8.0 + seconds
    return Timeline(
        hypothesis=Hypothesis(problem=problem),
        marks=marks(),
        window=3.0,
        until=8.0 + 60.0 + 3.0,
        breach=6.0,
        success=steady,
        steady=steady,
        relapse=None,
        latest=steady if latest is None else 8.0 + latest,
    )


def test_one_run_says_so_and_has_no_bound() -> None:
    found = repeats([recovered(3.0)])
    assert (found.n, found.upper) == (1, None)
    assert found.words == "recovery 3.00 s, n = 1: one run has no bound"


def test_five_runs_bound_more_than_half_of_all_recoveries() -> None:
    found = repeats([recovered(value) for value in (3.0, 1.0, 2.0, 5.0, 4.0)])
    assert found.value == found.upper == Span(seconds=5.0)
    assert found.median == Span(seconds=3.0)
    assert found.covers == pytest.approx(0.05**0.2)
    assert "at worst 5.00 s, median 3.00 s, n = 5: with 95% confidence at least 55%" in found.words


def test_fewer_than_five_have_no_upper_bound() -> None:
    assert repeats([recovered(1.0)] * 4).upper is None


def test_a_recovery_that_never_came_is_the_worst_and_is_not_averaged() -> None:
    found = repeats([recovered(value) for value in (1.0, None, 2.0)])
    assert str(found.value) == "> 60 s"
    assert str(found.median) == "2.00 s"
    assert found.censored == 1
    assert "1 never ended" in found.words


def test_an_undecided_run_is_no_sample() -> None:
    found = repeats([recovered(1.0), recovered(2.0, "latency was moving")])
    assert found.n == 1
    assert found.words.endswith("1 undecided: not steady before the fault: latency was moving")


def test_the_latest_is_the_longest_that_any_of_them_may_have_taken() -> None:
    found = repeats([recovered(3.0), recovered(2.0, latest=4.5), recovered(1.0)])
    assert (found.value, found.latest) == (Span(seconds=3.0), Span(seconds=4.5))
    assert repeats([recovered(3.0), recovered(None)]).latest == Span(seconds=60.0, censored=True)


def test_no_run_measured_nothing() -> None:
    found = repeats([recovered(2.0, "too few")])
    assert found.value is None
    assert found.words.startswith("n = 0: no run measured a recovery; 1 undecided")


@given(st.lists(st.none() | st.floats(0, 59), min_size=1, max_size=12), st.none() | st.floats(0, 59))
def test_a_run_more_never_makes_the_value_better(values: list[float | None], more: float | None) -> None:
    before, after = repeats([recovered(v) for v in values]), repeats([recovered(v) for v in (*values, more)])
    assert before.value is not None
    assert after.value is not None
    assert after.value.order >= before.value.order
