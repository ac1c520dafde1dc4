"""The rate limit, by a clock of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.reference.access.limit import Limiter, Quota, WrongQuota, quota_in


class Clock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The moment."""
        return self.now


def test_a_burst_goes_through_then_one_by_one() -> None:
    clock = Clock()
    limiter = Limiter(Quota(3, 2), clock)
    assert [limiter.wait("a") for _ in range(4)] == [0, 0, 0, 0.5]
    clock.now = 0.5
    assert [limiter.wait("a"), limiter.wait("a")] == [0, 0.5]
    assert limiter.refused == 2


def test_nobody_pays_for_another() -> None:
    limiter = Limiter(Quota(1, 1), Clock())
    assert [limiter.wait("a"), limiter.wait("a"), limiter.wait("b")] == [0, 1, 0]


def test_whoever_waits_as_long_as_told_comes_in() -> None:
    clock = Clock()
    limiter = Limiter(Quota(2, 0.3), clock)
    while (wait := limiter.wait("a")) == 0:
        pass
    clock.now += wait + 1e-9
    assert limiter.wait("a") == 0


@given(st.lists(st.floats(0, 10), max_size=60), st.integers(1, 5), st.floats(0.1, 5))
def test_no_more_goes_through_than_the_quota_allows(pauses: list[float], burst: int, rate: float) -> None:
    clock = Clock()
    limiter = Limiter(Quota(burst, rate), clock)
    through = 0
    for pause in pauses:
        clock.now += pause
        through += limiter.wait("a") == 0
    assert through <= burst + rate * clock.now + 1e-6


def test_a_row_of_refusals_is_told_once_until_it_is_quiet() -> None:
    clock = Clock()
    limiter = Limiter(Quota(4, 1), clock)
    for _ in range(5):
        limiter.wait("a")
    assert [limiter.first_refusal("a"), limiter.first_refusal("a")] == [True, False]
    clock.now = 1.0
    assert (limiter.wait("a"), limiter.first_refusal("a")) == (0, False)
    clock.now = 5.0
    assert (limiter.wait("a"), limiter.first_refusal("a")) == (0, True)


def test_whoever_was_not_seen_for_longest_is_forgotten() -> None:
    limiter = Limiter(Quota(1, 0.01), Clock(), most_keys=2)
    assert [limiter.wait(key) for key in "abc"] == [0, 0, 0]
    assert limiter.wait("c") > 0
    assert limiter.wait("a") == 0


@given(st.text())
def test_any_text_is_a_quota_or_refused(text: str) -> None:
    try:
        quota = quota_in(text)
    except WrongQuota:
        return
    assert quota.burst >= 1
    assert quota.rate > 0


def test_a_quota_is_burst_and_rate() -> None:
    assert quota_in("150:10") == Quota(150, 10)
    with pytest.raises(WrongQuota, match="expected BURST:RATE"):
        quota_in("150/10")
