"""A fault's own time limit."""

import threading

import pytest

from battery.chaos.faults.interface import FaultFailed
from battery.chaos.faults.limit import TimeLimit
from battery.errors import UsageError


@pytest.mark.parametrize("seconds", [0, -1, 3601, float("inf"), float("nan")])
def test_a_limit_that_is_none_is_refused(seconds: float) -> None:
    with pytest.raises(UsageError, match="above 0 and up to 3600 s"):
        TimeLimit(seconds, lambda: None)


def test_it_ends_the_fault_and_says_so() -> None:
    ended = threading.Event()
    limit = TimeLimit(0.01, ended.set)
    assert limit.words() == ""
    limit.begin()
    assert ended.wait(30)
    assert limit.reached.wait(30)
    assert limit.words() == "; its limit of 0.01 s has ended it"


def test_a_cancelled_one_ends_nothing() -> None:
    ended = threading.Event()
    limit = TimeLimit(3600, ended.set)
    limit.cancel()
    limit.begin()
    limit.cancel()
    assert not ended.is_set()
    assert limit.words() == ""


def test_what_goes_wrong_at_the_limit_is_kept() -> None:
    def fail() -> None:
        raise FaultFailed("no answer")

    limit = TimeLimit(0.01, fail)
    limit.begin()
    assert limit.reached.wait(30)
    assert limit.trouble == "no answer"
