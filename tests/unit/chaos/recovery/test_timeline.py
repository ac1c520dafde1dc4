"""The times of a timeline."""

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.chaos.recovery.marks import Marks
from battery.chaos.recovery.measuring import timeline
from battery.chaos.recovery.probe import Probe, Series
from battery.chaos.recovery.timeline import Timeline
from tests.unit.chaos.recovery.series import FAST, PERIOD, Behaviour, down, marks, probe, series, slow

unhurried = settings(deadline=None, max_examples=60)


def measured(behaviour: Behaviour, seconds: float = 30.0, at: Marks | None = None) -> Timeline:
    return timeline(series(seconds, behaviour), at or marks())


def test_a_target_that_is_down_and_comes_back_has_all_its_times() -> None:
    found = measured(down(6.5, 11.0))
    assert (found.breach, found.steady) == (6.5, 11.0 + FAST)
    assert found.detect == 0.5
    assert found.first_success.seconds == 3.0 + FAST
    assert found.recovery.seconds == 3.0 + FAST
    assert found.outage is not None
    assert found.outage.seconds == 4.5 + FAST
    assert (found.problem, found.relapse) == ("", None)
    assert found.words == (
        "first breach 0.50 s after the injection, first success 3.00 s after the removal, "
        "steady again 3.00 s after the removal"
    )


def test_flapping_is_not_recovered_at_its_first_success() -> None:
    def flapping(time: float) -> float | None:
        return None if 6.0 <= time < 8.0 or (8.0 <= time < 13.0 and time % 1 >= 0.5) else FAST

    found = measured(flapping)
    assert found.first_success.seconds == FAST
    assert found.recovery.seconds == 5.0


def test_a_target_that_answers_slowly_has_recovered_when_its_latency_is_back() -> None:
    found = measured(slow(6.0, 15.0, 0.4))
    assert found.breach == 6.0
    assert found.first_success.seconds == pytest.approx(0.4)
    assert 7.0 <= found.recovery.seconds <= 7.0 + PERIOD


def test_a_slow_down_below_every_hiccup_is_a_breach_when_it_stays() -> None:
    found = measured(slow(6.0, 12.0, 0.040))
    assert found.breach == 6.0
    assert found.recovery.seconds >= 2.5


def test_one_request_that_stays_broken_keeps_the_target_from_being_recovered() -> None:
    broken = series(30.0, down(6.0, 8.0))
    probes = [
        probe(p.at, None, p.request) if p.request == "orders" and p.at >= 6 else p for p in broken.probes
    ]
    found = timeline(msgspec.structs.replace(broken, probes=tuple(probes)), marks())
    assert found.first_success.seconds < 1
    assert found.recovery.censored


def test_what_never_recovers_is_censored_at_what_was_watched() -> None:
    found = measured(down(6.0, 1000.0), seconds=8.0 + 60.0 + 3.0)
    assert found.recovery.censored
    assert str(found.recovery) == "> 60 s"
    assert str(found.first_success) == "> 63 s"
    assert found.outage is not None
    assert str(found.outage) == "> 62 s"


def test_a_window_that_is_not_over_counts_for_nothing_yet() -> None:
    whole = series(30.0, down(6.0, 9.0))
    early = msgspec.structs.replace(whole, until=11.75)
    assert timeline(early, marks()).recovery.censored
    assert not timeline(whole, marks()).recovery.censored


def test_a_null_fault_breaches_nothing_and_says_so() -> None:
    found = measured(lambda _: FAST)
    assert (found.breach, found.detect, found.outage) == (None, None, None)
    assert found.recovery.seconds <= PERIOD
    assert found.words.startswith("the steady state was never breached")


def test_a_target_that_was_not_steady_before_says_nothing() -> None:
    found = measured(down(3.0, 8.0))
    assert found.problem.startswith("not steady before the fault: ")
    assert "probes failed before the fault (refused)" in found.problem
    assert found.words == found.problem
    assert found.recovery.censored


def test_what_breaks_while_the_fault_is_being_put_in_is_not_held_against_the_baseline() -> None:
    found = measured(down(5.5, 11.0), at=marks(begun=5.5))
    assert (found.problem, found.detect, found.breach) == ("", 0.0, 5.5)


def test_a_relapse_is_told() -> None:
    found = measured(lambda time: None if 6.0 <= time < 9.0 or 14.0 <= time < 16.0 else FAST)
    assert found.recovery.seconds == 1.0 + FAST
    assert found.relapse == 14.0
    assert found.words.endswith("it failed again 6.00 s after the removal")


def test_a_single_hiccup_neither_breaches_nor_delays() -> None:
    found = measured(lambda time: 0.9 if time in (7.0, 8.25) else FAST)
    assert found.breach is None
    assert found.recovery.seconds <= PERIOD


def test_what_the_prober_was_late_is_not_blamed_on_the_target() -> None:
    whole = series(20.0, lambda _: FAST)
    late = tuple(probe(p.at, FAST, p.request, lag=0.3 if 6 <= p.at < 12 else 0.0) for p in whole.probes)
    found = timeline(msgspec.structs.replace(whole, probes=late), marks())
    assert found.breach is None
    assert found.recovery.seconds < 0.5


def test_a_window_with_too_few_probes_is_not_steady() -> None:
    whole = series(16.0, down(6.0, 8.0))
    sparse = tuple(p for p in whole.probes if p.at < 8.0 or (p.at * 16) % 8 < 2)
    found = timeline(msgspec.structs.replace(whole, probes=sparse), marks())
    assert found.recovery.censored


@pytest.mark.parametrize("seed", range(5))
def test_the_noise_of_a_shared_machine_is_steady(seed: int) -> None:
    source = random.Random(seed)

    def noisy(_: float) -> float:
        return source.lognormvariate(-5.5, 0.7) + (source.random() < 0.01) * source.uniform(0.05, 0.3)

    found = measured(noisy, seconds=40.0)
    assert (found.problem, found.breach) == ("", None)
    assert found.recovery.seconds < 3.0


def test_marks_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="out of order"):
        marks(injected=8.0, removed=6.0)


behaviours = st.lists(
    st.tuples(st.sampled_from([None, FAST, 0.0390625, 0.5]), st.integers(1, 40)), min_size=1, max_size=8
)


def played(phases: list[tuple[float | None, int]], shift: float = 0.0) -> Series:
    """Steady for six seconds, then phases of so many eighths of a second, then whatever was last."""
    spelled = [took for took, eighths in phases for _ in range(eighths)]

    def behaviour(time: float) -> float | None:
        index = int((time - 6.0) * 8)
        return FAST if index < 0 else spelled[min(index, len(spelled) - 1)]

    return series(25.0, behaviour, shift=shift)


def worse(series: Series, numbers: set[int]) -> Series:
    """The same with some probes failed."""

    def failed(number: int, p: Probe) -> Probe:
        is_hit = number in numbers and p.at >= 6.0
        return probe(p.at, None, p.request) if is_hit else p

    return msgspec.structs.replace(series, probes=tuple(failed(n, p) for n, p in enumerate(series.probes)))


@unhurried
@given(behaviours, st.sets(st.integers(96, 399), max_size=30))
def test_a_failure_more_never_makes_a_recovery_earlier(
    phases: list[tuple[float | None, int]], hits: set[int]
) -> None:
    before, after = timeline(played(phases), marks()), timeline(worse(played(phases), hits), marks())
    assert after.recovery.order >= before.recovery.order
    assert after.first_success.order >= before.first_success.order
    if before.breach is not None and hits:
        assert after.breach is not None


@unhurried
@given(behaviours, st.integers(-64, 64).map(float))
def test_a_shift_in_time_shifts_nothing(phases: list[tuple[float | None, int]], shift: float) -> None:
    here = timeline(played(phases), marks())
    there = timeline(played(phases, shift), marks(6.0 + shift, 8.0 + shift))
    assert there.words == here.words
    assert there.recovery == here.recovery
    assert (there.detect, there.outage) == (here.detect, here.outage)


@unhurried
@given(behaviours)
def test_the_times_stand_in_their_order(phases: list[tuple[float | None, int]]) -> None:
    found = timeline(played(phases), marks())
    if found.steady is not None:
        assert found.success is not None
        assert found.marks.removed <= found.success <= found.steady
        assert found.breach is None or found.breach < found.steady
        assert found.relapse is None or found.relapse >= found.steady
    if found.breach is not None:
        assert found.breach >= found.marks.begun
    assert found.recovery.seconds >= 0
