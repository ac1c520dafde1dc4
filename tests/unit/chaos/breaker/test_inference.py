"""What is inferred of breakers that are played here, so that the truth is known."""

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.chaos.breaker.arrival import Arrival
from battery.chaos.breaker.inference import infer
from battery.chaos.recovery.marks import Marks
from battery.chaos.recovery.probe import Probe

BEGIN, END, LAST, STEP = 5.0, 15.0, 25.0, 0.1
MARKS = Marks(begun=BEGIN, injected=BEGIN, removed=END)
FAST, SLOW = 0.005, 0.08
unhurried = settings(deadline=None, max_examples=40)


class Played(NamedTuple):
    calls: list[Probe]
    arrivals: list[Arrival]


def call(at: float, took: float, status: int) -> Probe:
    return Probe(request="orders", at=at, lag=0.0, latency=took, ok=status == 200, status=status)


def play(
    threshold: int | None = 5,
    rest: float = 1.0,
    *,
    trials: int = 1,
    closes: bool = True,
    per_call: int = 1,
    shed_takes: float = FAST,
    shed_status: int = 503,
    last: float = LAST,
    shift: float = 0.0,
) -> Played:
    """A breaker that opens after `threshold` failures in a row (None: never) and tries again every `rest` seconds."""
    calls, arrivals = [], []
    failures, opened_at, to_try = 0, None, 0
    for number in range(int(last / STEP)):
        at = number * STEP
        if opened_at is not None and at >= opened_at + rest and to_try == 0 and (closes or at < END):
            to_try = trials
        if opened_at is not None and to_try == 0:
            calls.append(call(at + shift, shed_takes, shed_status))
            continue
        to_try = max(to_try - 1, 0)
        ok = not BEGIN <= at < END
        arrivals += [Arrival(at=at + shift + FAST / 2, ok=ok)] * per_call
        calls.append(call(at + shift, FAST if ok else SLOW, 200 if ok else 502))
        if ok:
            failures, opened_at = 0, None
        else:
            failures += 1
            if threshold is not None and failures >= threshold and to_try == 0:
                opened_at = at
    return Played(calls, arrivals)


def test_a_breaker_is_seen_with_its_threshold_its_trials_and_its_closing() -> None:
    found = infer(*play(threshold=5, rest=1.0), MARKS)
    assert (found.kind, found.threshold) == ("closed again", 5)
    assert found.opened == pytest.approx(0.4, abs=0.02)
    assert found.slow == pytest.approx(SLOW)
    assert found.fast == pytest.approx(FAST)
    assert found.trial_arrivals == len(found.trials) == 9
    assert found.interval == pytest.approx(1.0, abs=0.11)
    assert found.closed is not None
    assert 0 <= found.closed <= 1.1
    assert found.reason.startswith("opened 0.40 s after the injection, after 5 failed arrivals; closed ")


def test_trials_that_let_several_calls_through_are_told() -> None:
    found = infer(*play(threshold=5, rest=2.0, trials=3), MARKS)
    assert {trial.arrivals for trial in found.trials} == {3}


def test_a_target_without_a_breaker_is_said_to_have_none() -> None:
    found = infer(*play(threshold=None), MARKS)
    assert (found.kind, found.opened, found.threshold) == ("never opened", None, None)
    assert found.reason == (
        f"no breaker seen: {found.arrived} arrivals at the dependency for {found.calls} calls during the outage, "
        "of which 100 had failed before its end; 100 are enough"
    )
    assert found.arrived == found.calls


@pytest.mark.parametrize(("hold", "need"), [(2.5, 30), (5.0, 100)])
def test_a_breaker_that_needs_more_failures_than_there_were_is_not_called_broken(
    hold: float, need: int
) -> None:
    played = play(threshold=need)
    brief = Marks(begun=BEGIN, injected=BEGIN, removed=BEGIN + hold)
    found = infer(*played, brief)
    assert found.kind == "unknown"
    assert "fewer than the 100 that it may wait for" in found.reason
    assert "breaker_calls = NUMBER, or run at a higher intensity" in found.reason
    assert infer(*played, brief, enough=need + 1).kind == "unknown"
    assert infer(*play(threshold=None), brief, enough=20).kind == "never opened"


def test_failures_that_ended_after_the_outage_are_none_that_a_breaker_could_have_counted() -> None:
    calls, arrivals = play(threshold=None)
    patient = [a if a.ok else Arrival(at=a.at, ok=False, took=30.0) for a in arrivals]
    found = infer(calls, patient, MARKS, enough=5)
    assert found.kind == "unknown"
    assert "of which 0 had failed before its end" in found.reason


def test_a_dependency_that_answers_late_gives_no_reason_to_open() -> None:
    calls, arrivals = play(threshold=None)
    late = [Arrival(at=a.at, ok=True, took=3.0) for a in arrivals]
    found = infer(calls, late, MARKS)
    assert found.kind == "not needed"
    assert found.reason.endswith("the slowest after 3.0 s: no failure to open for")


def test_arrivals_that_stop_while_others_wait_are_no_open_breaker_and_no_broken_one() -> None:
    calls, arrivals = play(shed_takes=1.9)
    stuck = [a if a.ok else Arrival(at=a.at, ok=False, took=30.0) for a in arrivals]
    found = infer(calls, stuck, MARKS)
    assert found.kind == "unknown"
    assert "of which 0 had failed before its end" in found.reason
    assert infer(calls, arrivals, MARKS).kind == "hung"


def pooled(size: int, patience: float) -> Played:
    """A target without a breaker whose pool is full of calls that wait; calls beyond it fail at once."""
    calls, arrivals, free = [], [], [BEGIN] * size
    for number in range(int(LAST / STEP)):
        at = number * STEP
        if not BEGIN <= at < END:
            arrivals.append(Arrival(at=at + FAST / 2, ok=True, took=FAST))
            calls.append(call(at, FAST, 200))
            continue
        place = next((index for index, until in enumerate(free) if until <= at), None)
        if place is None:
            calls.append(call(at, FAST, 503))
            continue
        free[place] = at + patience
        arrivals.append(Arrival(at=at + FAST / 2, ok=False, took=patience - FAST))
        calls.append(call(at, patience, 502))
    return Played(calls, arrivals)


def test_a_full_pool_is_no_breaker() -> None:
    found = infer(*pooled(3, 1.0), MARKS, enough=20)
    assert (found.kind, found.crowd) == ("never opened", None)
    assert infer(*pooled(3, 1.0), MARKS).kind == "unknown"
    assert infer(*pooled(3, 30.0), MARKS, enough=20).kind == "unknown"


def test_a_connection_that_waits_for_good_hides_no_breaker() -> None:
    calls, arrivals = play(threshold=5, rest=1.0)
    listening = Arrival(at=BEGIN + 0.01, ok=False, took=100.0)
    found = infer(calls, sorted([*arrivals, listening], key=lambda each: each.at), MARKS)
    assert found.kind == "closed again"


def test_a_moment_without_arrivals_however_many_calls_fall_into_it_is_no_opening() -> None:
    steps = [number * 0.02 for number in range(1000)]
    calls = [call(at, FAST, 200 if at < BEGIN else 502) for at in steps]
    arrivals = [Arrival(at=at + 0.001, ok=at < BEGIN) for at in steps if not 7.0 < at < 7.3]
    assert infer(calls, arrivals, MARKS).kind == "never opened"


def test_a_prober_that_stood_still_is_no_opening() -> None:
    calls, arrivals = play(threshold=None)
    late = [
        Probe(
            request="orders",
            at=each.at,
            lag=8.0 - each.at,
            latency=8.0 - each.at + SLOW,
            ok=False,
            status=502,
        )
        if 7.0 < each.at < 8.0
        else each
        for each in calls
    ]
    held = [Arrival(at=8.01, ok=False) if 7.0 < each.at < 8.0 else each for each in arrivals]
    assert infer(late, sorted(held, key=lambda each: each.at), MARKS).kind == "never opened"


def test_a_target_that_stood_still_before_its_breaker_opened_has_let_no_crowd_through() -> None:
    calls, arrivals = play(threshold=60, rest=1.0)
    slow = [
        call(each.at, 6.1 - each.at, 502) if BEGIN + 0.25 < each.at < BEGIN + 1.0 else each for each in calls
    ]
    held = [
        Arrival(at=BEGIN + 1.01, ok=False) if BEGIN + 0.25 < each.at < BEGIN + 1.0 else each
        for each in arrivals
    ]
    found = infer(slow, sorted(held, key=lambda each: each.at), MARKS)
    assert (found.kind, found.threshold) == ("closed again", 60)
    assert found.crowd is not None
    assert found.crowd <= 2


@pytest.mark.parametrize("trials", [1, 3])
def test_the_crowd_is_what_got_through_within_a_second(trials: int) -> None:
    found = infer(*play(threshold=5, rest=2.0, trials=trials), MARKS)
    assert (found.kind, found.crowd) == ("closed again", trials)
    closes = infer(*play(threshold=5, rest=2.0, trials=trials, closes=False), MARKS)
    assert (closes.kind, closes.crowd) == ("never closed", trials)


def test_nothing_is_known_of_the_crowd_of_a_breaker_that_was_not_seen_open() -> None:
    assert infer(*play(threshold=None), MARKS).crowd is None


def test_a_breaker_that_tries_only_after_the_outage_had_a_crowd_of_one() -> None:
    found = infer(*play(threshold=5, rest=12.0), MARKS)
    assert (found.kind, found.crowd, found.trial_arrivals) == ("closed again", 1, 0)


def test_a_breaker_that_never_closes_is_told_with_numbers() -> None:
    found = infer(*play(closes=False), MARKS)
    assert found.kind == "never closed"
    assert found.closed is None
    assert "never closed: 0 arrivals for 100 calls in the 9.9 s after the removal" in found.reason


def test_a_breaker_that_opens_without_any_failed_arrival_is_one_too() -> None:
    found = infer(*play(threshold=0), MARKS)
    assert found.kind == "closed again"
    opened = [a for a in play().arrivals if a.at < BEGIN]
    forced = Played(
        play(threshold=1).calls, [*opened, *(a for a in play(threshold=1).arrivals if a.at > BEGIN + 1)]
    )
    assert infer(*forced, MARKS).threshold == 0
    assert infer(*forced, MARKS).slow is None


@pytest.mark.parametrize(("takes", "status"), [(1.9, 503), (2.0, 0)])
def test_a_target_that_hangs_is_no_breaker(takes: float, status: int) -> None:
    found = infer(*play(shed_takes=takes, shed_status=status), MARKS)
    assert found.kind == "hung"
    assert "the target hangs rather than fails fast" in found.reason


def test_too_few_calls_say_nothing() -> None:
    whole = play()
    late = [c for c in whole.calls if c.at >= BEGIN - 1]
    assert infer(late, whole.arrivals, MARKS).kind == "unknown"
    brief = Marks(begun=BEGIN, injected=BEGIN, removed=BEGIN + 0.5)
    assert "at least 10 must" in infer(*whole, brief).reason


def test_a_tap_that_is_not_in_the_path_is_asked_for() -> None:
    whole = play()
    found = infer(whole.calls, [], MARKS)
    assert (found.kind, found.reason) == (
        "unknown", "none of 50 calls before the fault reached the dependency: is the tap in its path?",
    )  # fmt: skip


def test_a_closing_that_was_not_watched_is_unknown() -> None:
    for last in (END, END + 0.5):
        found = infer(*play(closes=False, last=last), MARKS)
        assert found.kind == "unknown"
        assert "watched too briefly to see it close" in found.reason


def test_a_single_arrival_at_the_end_is_no_closing_yet() -> None:
    found = infer(*play(rest=1.0, last=END + 0.7), MARKS)
    assert any(arrival.ok and arrival.at > END for arrival in play(rest=1.0, last=END + 0.7).arrivals)
    assert (found.kind, found.closed) == ("unknown", None)


def test_several_arrivals_a_call_change_nothing_but_the_counts() -> None:
    found = infer(*play(threshold=5, per_call=2), MARKS)
    assert (found.kind, found.threshold) == ("closed again", 10)


@unhurried
@given(st.integers(1, 20), st.integers(7, 30))
def test_any_breaker_is_found_as_it_is(threshold: int, rest: int) -> None:
    found = infer(*play(threshold, rest * STEP), MARKS)
    assert (found.kind, found.threshold) == ("closed again", threshold)
    assert found.closed is not None
    assert found.closed <= rest * STEP + 2 * STEP
    if len(found.trials) > 1:
        assert found.interval == pytest.approx(rest * STEP, abs=STEP * 1.5)


@unhurried
@given(st.integers(1, 20), st.integers(7, 30), st.integers(-50, 50), st.booleans())
def test_a_shift_in_time_shifts_nothing(threshold: int, rest: int, shift: int, closes: bool) -> None:
    here = infer(*play(threshold, rest * STEP, closes=closes), MARKS)
    moved = Marks(begun=BEGIN + shift, injected=BEGIN + shift, removed=END + shift)
    there = infer(*play(threshold, rest * STEP, closes=closes, shift=shift), moved)
    assert (there.kind, there.threshold, len(there.trials)) == (here.kind, here.threshold, len(here.trials))


@unhurried
@given(st.lists(st.tuples(st.floats(0, LAST), st.booleans()), max_size=80), st.integers(0, 250))
def test_anything_gets_an_answer_with_a_reason(seen: list[tuple[float, bool]], calls: int) -> None:
    arrivals = [Arrival(at=at, ok=ok) for at, ok in sorted(seen)]
    found = infer([call(n * STEP, FAST, 200) for n in range(calls)], arrivals, MARKS)
    assert found.reason
