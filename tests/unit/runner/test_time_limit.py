"""The alarm that interrupts a block."""

import gc
import signal
import time
from collections.abc import Iterator

import pytest

from battery.runner.time_limit import ALARMS, CheckOverran, time_limit


def test_a_block_in_time_is_left_alone_and_no_alarm_stays() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(10):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


@pytest.mark.parametrize("seconds", [0.05, 0.0, -3.0])
def test_a_block_that_lasts_is_interrupted(seconds: float) -> None:
    with pytest.raises(CheckOverran, match="took longer than its limit"), time_limit(seconds):
        time.sleep(30)


def test_one_that_swallows_an_interruption_is_interrupted_again() -> None:
    swallowed = 0
    with pytest.raises(CheckOverran), time_limit(0.02, grace=0.02):  # noqa: PT012 -- the loop is the point
        while True:
            try:
                time.sleep(30)
            except CheckOverran:
                swallowed += 1
                if swallowed == 3:
                    raise


def test_one_that_swallows_every_interruption_is_given_up() -> None:
    swallowed = 0

    class GivenUp(BaseException):
        pass

    def give_up() -> None:
        raise GivenUp

    with pytest.raises(GivenUp), time_limit(0.02, give_up, grace=0.02):  # noqa: PT012 -- the loop is the point
        while True:
            try:
                time.sleep(30)
            except CheckOverran:
                swallowed += 1
    assert swallowed == ALARMS


def test_limits_nest_one_after_another() -> None:
    for _ in range(3):
        with pytest.raises(CheckOverran), time_limit(0.01):
            time.sleep(30)
    time.sleep(0.03)  # an alarm that had stayed would end this test


class Dying:
    """Its finaliser takes longer than the limit, as a collector's callback on a busy machine may."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __del__(self) -> None:
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            pass


def test_an_alarm_inside_a_finaliser_waits_for_its_end() -> None:
    # An exception in the finaliser would be a warning, and that an error.
    with pytest.raises(CheckOverran), time_limit(0.02):  # noqa: PT012 -- what comes after the finaliser is the point
        Dying(0.1)
        time.sleep(30)


@pytest.fixture
def slow_collector() -> Iterator[None]:
    def callback(phase: str, info: dict[str, int]) -> None:
        end = time.monotonic() + 0.05
        while time.monotonic() < end:
            pass

    gc.callbacks.append(callback)
    yield
    gc.callbacks.remove(callback)


@pytest.mark.usefixtures("slow_collector")
def test_an_alarm_inside_a_collectors_callback_waits_for_its_end() -> None:
    with pytest.raises(CheckOverran), time_limit(0.02):  # noqa: PT012 -- what comes after the collection is the point
        gc.collect()
        time.sleep(30)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_finaliser_that_never_ends_is_given_up_all_the_same() -> None:
    with pytest.raises(CheckOverran), time_limit(0.02, grace=0.05):  # noqa: PT012 -- what comes after it is the point
        Dying(0.3)
        time.sleep(30)
