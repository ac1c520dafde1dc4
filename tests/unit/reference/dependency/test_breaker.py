"""The circuit breaker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.reference.defects import breaker_never_closes, breaker_never_opens
from battery.reference.dependency.breaker import COOL_SECONDS, PROBES, SUCCESSES, THRESHOLD, Breaker
from battery.reference.dependency.failure import BreakerOpen


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def breaker(clock: _Clock) -> Breaker:
    return Breaker(clock=clock)


def _fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.failed(breaker.admit())


def test_it_opens_after_its_threshold_of_failures_in_a_row(breaker: Breaker) -> None:
    _fail(breaker, THRESHOLD - 1)
    assert breaker.state == "closed"
    _fail(breaker, 1)
    assert (breaker.state, breaker.opened) == ("open", 1)
    with pytest.raises(BreakerOpen, match="is open") as refused:
        breaker.admit()
    assert refused.value.retry_after == COOL_SECONDS
    assert breaker.refused == 1


def test_a_success_begins_a_new_row(breaker: Breaker) -> None:
    for _ in range(10):
        _fail(breaker, THRESHOLD - 1)
        breaker.succeeded(breaker.admit())
    assert breaker.state == "closed"


def test_once_cool_it_lets_few_probes_through(breaker: Breaker, clock: _Clock) -> None:
    _fail(breaker, THRESHOLD)
    clock.now = COOL_SECONDS
    for _ in range(PROBES):
        breaker.admit()
    assert breaker.state == "half_open"
    with pytest.raises(BreakerOpen, match="its probe is under way"):
        breaker.admit()


def test_it_closes_after_some_probes_were_answered(breaker: Breaker, clock: _Clock) -> None:
    _fail(breaker, THRESHOLD)
    clock.now = COOL_SECONDS
    for _ in range(SUCCESSES):
        assert breaker.state != "closed"
        breaker.succeeded(breaker.admit())
    assert breaker.state == "closed"
    _fail(breaker, THRESHOLD - 1)
    assert breaker.state == "closed"


def test_a_probe_that_fails_opens_it_again_for_as_long(breaker: Breaker, clock: _Clock) -> None:
    _fail(breaker, THRESHOLD)
    clock.now = COOL_SECONDS
    _fail(breaker, 1)
    assert (breaker.state, breaker.opened, breaker.seconds_left()) == ("open", 2, COOL_SECONDS)


def test_a_probe_that_was_given_up_makes_room_for_another(breaker: Breaker, clock: _Clock) -> None:
    _fail(breaker, THRESHOLD)
    clock.now = COOL_SECONDS
    for _ in range(5):
        breaker.abandoned(breaker.admit())
    assert breaker.state == "half_open"


def test_what_was_asked_before_a_change_says_nothing_after_it(breaker: Breaker, clock: _Clock) -> None:
    late = [breaker.admit() for _ in range(3)]
    _fail(breaker, THRESHOLD)
    clock.now = COOL_SECONDS
    breaker.admit()
    breaker.succeeded(late[0])
    breaker.abandoned(late[1])
    assert breaker.state == "half_open"
    breaker.failed(late[2])
    assert (breaker.state, breaker.opened) == ("half_open", 1)


@given(st.lists(st.tuples(st.sampled_from(["succeeded", "failed", "abandoned", "held"]), st.floats(0, 3))))
def test_whatever_happens_it_keeps_its_promises(steps: list[tuple[str, float]]) -> None:
    clock = _Clock()
    breaker, held = Breaker(clock=clock), 0
    for outcome, wait in steps:
        clock.now += wait
        before = breaker.state
        try:
            ticket = breaker.admit()
        except BreakerOpen:
            assert before != "closed"
            continue
        # It admits when closed, after it has cooled, or as one of few probes.
        if breaker.state == "half_open" and outcome == "held":
            held += 1
        if outcome != "held":
            getattr(breaker, outcome)(ticket)
        if breaker.state == "closed":
            held = 0
        assert held <= PROBES


def test_one_that_never_opens_does_not(clock: _Clock) -> None:
    breaker = breaker_never_opens.breaker()
    _fail(breaker, 10_000)
    assert breaker.state == "closed"


def test_one_that_never_closes_stays_open() -> None:
    breaker = breaker_never_closes.breaker()
    _fail(breaker, THRESHOLD)
    assert breaker.seconds_left() > 1e6
