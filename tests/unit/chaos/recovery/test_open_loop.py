"""The open loop and its thread."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from battery.chaos.recovery.loop_thread import LoopThread
from battery.chaos.recovery.open_loop import OpenLoop


async def nothing() -> None:
    """Prepares nothing."""


class Acts:
    """Remembers every act, and lets a test wait for the n-th."""

    def __init__(self, wanted: int) -> None:
        self.due: list[tuple[int, float]] = []
        self.enough = threading.Event()
        self._wanted = wanted

    async def __call__(self, number: int, due: float) -> None:
        self.due.append((number, due))
        if len(self.due) >= self._wanted:
            self.enough.set()


def run(loop: OpenLoop) -> None:
    """From start to stop; whichever is later than a defect raises it."""
    loop.start()
    loop.stop(30.0)


def test_acts_are_due_at_even_times_whatever_happened_before() -> None:
    acts = Acts(5)
    loop = OpenLoop("test", 0.01, acts, nothing, most_in_flight=4)
    loop.start()
    assert acts.enough.wait(30)
    loop.stop(1.0)
    for number, due in acts.due:
        assert due == loop.zero + number * 0.01
    assert loop.begun >= 5
    assert loop.settled_until() == loop.zero + loop.begun * 0.01


def test_an_act_that_hangs_delays_no_other_and_holds_the_settled_time() -> None:
    acts = Acts(20)
    release = threading.Event()

    async def act(number: int, due: float) -> None:
        if number == 0:
            await asyncio.get_running_loop().run_in_executor(None, release.wait)
        await acts(number, due)

    loop = OpenLoop("test", 0.01, act, nothing, most_in_flight=1000)
    loop.start()
    assert acts.enough.wait(30)
    assert loop.settled_until() == loop.zero
    release.set()
    loop.stop(30.0)
    assert 0 in [number for number, _ in acts.due]
    assert loop.settled_until() > loop.zero


def test_what_cannot_be_begun_is_counted_and_not_made_up_for() -> None:
    begun = threading.Event()
    count = 0

    async def act(number: int, due: float) -> None:
        await asyncio.sleep(0.2)

    async def watch() -> None:
        begun.set()

    loop = OpenLoop("test", 0.01, act, watch, most_in_flight=2)
    loop.start()
    assert begun.is_set()
    while not loop.unsent:
        count += 1
        threading.Event().wait(0.01)
        assert count < 3000
    loop.stop(30.0)
    assert set(loop.unsent) <= {"2 under way already", "this process stood still"}


def test_what_was_due_while_the_process_stood_still_is_no_burst() -> None:
    began: list[int] = []
    done = threading.Event()

    async def act(number: int, due: float) -> None:
        began.append(number)
        if number == 1:
            threading.Event().wait(1.5)  # stands still, with the whole loop
        if number > 200:
            done.set()

    loop = OpenLoop("test", 0.01, act, nothing, most_in_flight=1000)
    loop.start()
    assert done.wait(60)
    loop.stop(30.0)
    assert loop.unsent["this process stood still"] >= 20
    assert loop.unsent.total() + len(began) == loop.begun


def test_a_defect_in_an_act_is_raised_and_not_lost() -> None:
    seen = threading.Event()

    async def act(number: int, due: float) -> None:
        seen.set()
        raise LookupError("a defect")

    loop = OpenLoop("test", 0.01, act, nothing, most_in_flight=4)
    with pytest.raises(LookupError, match="a defect"):
        run(loop)
    assert seen.is_set()
    loop.stop(30.0)


def test_an_act_that_is_cancelled_has_lost_its_result() -> None:
    async def act(number: int, due: float) -> None:
        raise asyncio.CancelledError

    loop = OpenLoop("test", 0.01, act, nothing, most_in_flight=4)
    with pytest.raises(RuntimeError, match="an act was cancelled"):
        run(loop)


def test_what_prevents_the_start_is_raised_there() -> None:
    async def fail() -> None:
        raise LookupError("not ready")

    loop = OpenLoop("test", 0.01, Acts(1), fail, most_in_flight=4)
    with pytest.raises(LookupError, match="not ready"):
        loop.start()
    loop.stop(1.0)


def test_a_thread_that_was_never_started_needs_no_stop() -> None:
    OpenLoop("test", 0.01, Acts(1), nothing, most_in_flight=4).stop(1.0)


def test_a_thread_that_does_not_end_is_told_by_name() -> None:
    release = threading.Event()

    async def main(ready: Callable[[], None], stopping: asyncio.Event) -> None:
        ready()
        await asyncio.get_running_loop().run_in_executor(None, release.wait)

    thread = LoopThread("stubborn", main)
    thread.start()
    with pytest.raises(RuntimeError, match=r"stubborn did not end within 0\.01 s"):
        thread.stop(0.01)
    release.set()
    thread.stop(30.0)
