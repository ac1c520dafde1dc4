"""When the prober was late, and what that takes from a trial."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.chaos.recovery.blindness import Blindness
from battery.chaos.recovery.measuring import timeline
from battery.chaos.recovery.probe import Probe, Series, decode_series, encode_series
from battery.chaos.recovery.timeline import Timeline
from tests.unit.chaos.recovery.series import FAST, Behaviour, down, marks, series

# The fault stands from 6 to 8; baseline and windows as at full length.
STEADY: Behaviour = down(0.0, 0.0)


def stalled(whole: Series, begin: float, end: float) -> Series:
    """As if the prober had stood still meanwhile: what it sent afterwards met the target as it was then."""

    def late(probe: Probe) -> Probe:
        lag = end - probe.at
        return msgspec.structs.replace(probe, lag=lag, latency=lag + FAST, ok=True, error="", status=200)

    return replaced(whole, lambda probe: late(probe) if begin <= probe.at < end else probe)


def replaced(whole: Series, change: Callable[[Probe], Probe]) -> Series:
    return msgspec.structs.replace(whole, probes=tuple(change(probe) for probe in whole.probes))


def without(whole: Series, begin: float, end: float) -> Series:
    """As if these probes had never left."""
    kept = tuple(probe for probe in whole.probes if not begin <= probe.at < end)
    return msgspec.structs.replace(whole, probes=kept, unsent={"this machine had no free descriptor": 2})


def measured(found: Series) -> Timeline:
    return timeline(found, marks())


def test_a_prober_on_time_was_never_blind() -> None:
    found = measured(series(20.0, down(6.0, 9.0)))
    assert (found.blind, found.starved) == (0.0, "")
    assert found.latest == found.steady
    assert "late" not in found.words


def test_a_window_at_whose_end_nobody_looked_bounds_nothing() -> None:
    # Down again from 11.5 on, when the first window ends: the probes of its last half second never left.
    def flapping(time: float) -> float | None:
        return None if 6.0 <= time < 8.5 or 11.5 <= time < 50.0 else FAST

    whole = series(60.0, flapping)
    assert measured(whole).recovery_at_latest.seconds == pytest.approx(0.5, abs=0.2)
    found = measured(without(whole, 11.0, 11.6))
    assert found.recovery_at_latest.seconds == pytest.approx(42.0, abs=0.2)


@pytest.mark.parametrize(("begin", "end"), [(0.0, 0.9), (13.0, 18.0)])
def test_late_probes_outside_of_the_windows_do_no_harm(begin: float, end: float) -> None:
    whole = series(20.0, down(6.0, 9.0))
    assert measured(stalled(whole, begin, end)) == measured(whole)
    assert measured(without(whole, begin, end)) == measured(whole)


def test_a_hiccup_while_the_fault_stands_is_forgiven_and_told() -> None:
    found = measured(stalled(series(20.0, down(6.0, 9.0)), 7.0, 7.4))
    assert found.blind == pytest.approx(0.4, abs=0.07)
    assert found.problem == ""


@pytest.mark.parametrize("harm", [stalled, without])
@pytest.mark.parametrize(
    ("begin", "end", "when"), [(6.5, 7.5, "while the fault stood"), (3.0, 4.5, "before the fault")]
)
def test_a_prober_that_was_starved_before_or_during_the_fault_is_found_out(
    harm: Callable[[Series, float, float], Series], begin: float, end: float, when: str
) -> None:
    found = measured(harm(series(20.0, STEADY), begin, end))
    assert when in found.starved
    assert found.starved.startswith("the prober was late: blind for ")
    assert found.problem == found.starved


def test_what_kept_probes_from_leaving_is_told() -> None:
    found = measured(without(series(20.0, STEADY), 6.0, 8.0))
    assert found.starved.endswith("this machine had no free descriptor (2x)")


def test_many_small_delays_add_up_to_a_starved_prober() -> None:
    def late(probe: Probe) -> Probe:
        return msgspec.structs.replace(probe, lag=0.0625, latency=FAST + 0.0625)

    found = measured(replaced(series(20.0, STEADY), late))
    assert "before the fault" in found.starved


def test_a_stall_over_the_return_of_the_target_adds_its_lateness_and_voids_nothing() -> None:
    # Down until 9.0, and the prober saw nothing from 8.5 to 9.5: all that it sent late was answered.
    found = measured(stalled(series(20.0, down(6.0, 9.0)), 8.5, 9.5))
    assert found.problem == ""
    assert found.recovery_at_latest.seconds == 1.5 + FAST


def test_a_stall_right_after_the_first_success_widens_the_bound_alone() -> None:
    # Up at 8.5 for a moment; whether it was up from 8.75 to 9.5 nobody saw.
    def flickering(time: float) -> float | None:
        return None if 6.0 <= time < 8.5 or 8.75 <= time < 9.0 else FAST

    found = measured(stalled(series(20.0, flickering), 8.75, 9.1))
    assert found.recovery.seconds == 0.5 + FAST
    assert found.recovery_at_latest.seconds == pytest.approx(1.1)
    assert found.words.endswith("(1.10 s at the latest: the prober was late then)")


def test_one_probe_that_was_late_for_longer_than_a_period_moves_the_bound_behind_it() -> None:
    found = measured(stalled(series(20.0, down(6.0, 9.0)), 10.0, 10.4))
    assert found.recovery.seconds == 1.0 + FAST
    assert found.recovery_at_latest.seconds == pytest.approx(2.4)


def test_a_delay_within_the_longest_period_hides_nothing() -> None:
    found = measured(stalled(series(20.0, down(6.0, 9.0)), 10.0, 10.2))
    assert found.recovery_at_latest == found.recovery


def test_a_window_in_which_the_prober_was_mostly_away_bounds_nothing_and_the_next_does() -> None:
    whole = stalled(series(20.0, down(6.0, 9.0)), 9.5, 11.0)
    found = measured(whole)
    assert found.steady == 9.0 + FAST
    assert found.latest is not None
    assert found.latest >= 11.0
    assert found.problem == ""
    too_soon = timeline(msgspec.structs.replace(whole, until=12.5), marks())
    assert (too_soon.steady, too_soon.latest) == (9.0 + FAST, None), "so that the watch goes on"


def test_a_watch_that_never_saw_the_end_because_nobody_looked_blames_nobody() -> None:
    found = measured(without(series(80.0, down(6.0, 80.0)), 20.0, 60.0))
    assert found.recovery.censored
    assert "after the removal" in found.problem


def test_an_end_that_was_looked_for_and_never_seen_is_the_targets() -> None:
    found = measured(stalled(series(80.0, down(6.0, 80.0)), 20.0, 20.4))
    assert found.recovery_at_latest.censored
    assert found.problem == ""


stalls = st.lists(st.tuples(st.floats(8.0, 16.0), st.floats(0.0, 1.0)), max_size=4)


@given(stalls, st.floats(8.5, 12.0))
def test_the_truth_lies_never_behind_the_bound(hiccups: list[tuple[float, float]], back: float) -> None:
    whole = series(30.0, down(6.0, back))
    for begin, seconds in hiccups:
        end = begin + seconds
        if end >= back:  # what is sent while it is down fails, late or not
            whole = stalled(whole, begin, end)
    found = measured(whole)
    assert found.latest is not None
    assert found.latest >= back - 1e-6


@given(st.floats(0.0, 20.0), st.floats(0.0, 20.0), stalls)
def test_blind_seconds_are_never_more_than_the_time_that_was_asked_for(
    one: float, other: float, hiccups: list[tuple[float, float]]
) -> None:
    whole = series(20.0, STEADY)
    for begin, seconds in hiccups:
        whole = stalled(whole, begin, begin + seconds)
    begin, end = min(one, other), max(one, other)
    blind = Blindness(whole, 0.0)
    assert 0.0 <= blind.seconds(begin, end) <= end - begin + 1e-9
    assert begin <= blind.bound(begin, end) <= end


def test_a_series_comes_back_from_its_blob() -> None:
    whole = series(2.0, lambda time: None if time > 1 else FAST)
    assert decode_series(encode_series(whole)) == whole
