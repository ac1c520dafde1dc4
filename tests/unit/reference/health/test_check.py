"""Running health checks."""

import asyncio
from pathlib import Path

import pytest

from battery.reference.health.check import Unhealthy, examine
from battery.reference.health.disk import DiskRoom
from battery.reference.health.lanes import LaneRoom
from battery.reference.health.shared import SharedRun
from battery.reference.store.database import Database
from battery.reference.store.failure import StoreUnavailable


class _Part:
    """A part that is as it was told to be."""

    name = "part"

    def __init__(self, error: Exception | None = None, hangs: bool = False) -> None:
        self._error, self._hangs = error, hangs

    async def look(self) -> str:
        if self._hangs:
            await asyncio.Event().wait()
        if self._error:
            raise self._error
        return "fine"


def test_a_part_that_serves_is_ok(runner: asyncio.Runner) -> None:
    outcome = runner.run(examine(_Part(), 1.0))
    assert (outcome.name, outcome.ok, outcome.detail) == ("part", True, "fine")
    assert outcome.duration_ms >= 0


@pytest.mark.parametrize("error", [Unhealthy("broken"), StoreUnavailable("broken")])
def test_a_part_that_says_it_is_broken_is_not_ok(runner: asyncio.Runner, error: Exception) -> None:
    outcome = runner.run(examine(_Part(error), 1.0))
    assert (outcome.ok, outcome.detail) == (False, "broken")


def test_a_part_that_does_not_answer_is_not_ok(runner: asyncio.Runner) -> None:
    outcome = runner.run(examine(_Part(hangs=True), 0.01))
    assert (outcome.ok, outcome.detail) == (False, "no answer within 0.01 s")


def test_those_who_ask_together_share_one_run(runner: asyncio.Runner) -> None:
    runs: list[int] = []

    async def work() -> None:
        runs.append(1)
        await asyncio.sleep(0)

    async def ask() -> None:
        shared = SharedRun(work)
        await asyncio.gather(*(shared() for _ in range(5)))
        await shared()

    runner.run(ask())
    assert len(runs) == 2


def test_a_run_ends_quietly_after_all_have_stopped_waiting(runner: asyncio.Runner) -> None:
    complaints: list[object] = []

    async def ask() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
        gate = asyncio.Event()

        async def work() -> None:
            await gate.wait()
            raise StoreUnavailable("late")

        shared = SharedRun(work)
        waiting = asyncio.create_task(shared())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        gate.set()
        with pytest.raises(StoreUnavailable):
            await shared()
        with pytest.raises(StoreUnavailable):
            await shared()

    runner.run(ask())
    assert complaints == []


def test_a_run_that_is_cancelled_takes_those_who_wait_along(runner: asyncio.Runner) -> None:
    async def work() -> None:
        raise asyncio.CancelledError

    async def ask() -> None:
        with pytest.raises(asyncio.CancelledError):
            await SharedRun(work)()

    runner.run(ask())


def test_a_disk_with_too_little_room_is_unhealthy(runner: asyncio.Runner, tmp_path: Path) -> None:
    assert runner.run(DiskRoom(tmp_path, 1).look()).endswith("bytes free")
    with pytest.raises(Unhealthy, match="needed"):
        runner.run(DiskRoom(tmp_path, 2**62).look())


def test_a_data_folder_that_is_gone_is_unhealthy(tmp_path: Path) -> None:
    with pytest.raises(Unhealthy, match="cannot be looked at"):
        DiskRoom(tmp_path / "gone").free_bytes()


def test_a_full_lane_is_unhealthy(database: Database, runner: asyncio.Runner) -> None:
    room = LaneRoom(database.lanes)
    assert runner.run(room.look()) == "have room"
    database.read.depth = database.read.capacity
    with pytest.raises(Unhealthy, match="full: read"):
        runner.run(room.look())
