"""Lanes."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event

import pytest

from battery.reference.store.failure import StoreBusy, StoreUnavailable
from battery.reference.store.lane import Lane

Make = Callable[..., Lane]


@pytest.fixture
def make() -> Iterator[Make]:
    with ExitStack() as stack:

        def lane(guard: Callable[[], None] = lambda: None, capacity: int = 2, patience: float = 5.0) -> Lane:
            connection = sqlite3.connect(":memory:", check_same_thread=False)
            made = Lane("test", connection, guard=guard, capacity=capacity, patience=patience)
            stack.callback(made.close)
            return made

        yield lane


def _one(connection: sqlite3.Connection) -> int:
    found: int = connection.execute("SELECT 1").fetchone()[0]
    return found


def test_work_gets_the_connection_and_its_result_comes_back(make: Make, runner: asyncio.Runner) -> None:
    lane = make()
    assert runner.run(lane.run(_one)) == 1
    assert lane.depth == 0


def test_a_full_lane_refuses_work_but_not_a_probe(make: Make, runner: asyncio.Runner) -> None:
    lane, gate = make(capacity=1), Event()

    async def crowd() -> int:
        first = asyncio.create_task(lane.run(lambda _connection: gate.wait(5)))
        await asyncio.sleep(0)
        probe = asyncio.create_task(lane.run(_one, beyond_capacity=True))
        with pytest.raises(StoreBusy, match="wait in the test lane"):
            await lane.run(_one)
        gate.set()
        await first
        return await probe

    assert runner.run(crowd()) == 1
    assert lane.refused == 1


def test_work_that_waited_too_long_is_not_done(make: Make, runner: asyncio.Runner) -> None:
    with pytest.raises(StoreBusy, match="within -1 s"):
        runner.run(make(patience=-1.0).run(_one))


def test_an_error_of_the_database_becomes_a_failure_of_the_store(make: Make, runner: asyncio.Runner) -> None:
    with pytest.raises(StoreUnavailable, match="no such table"):
        runner.run(make().run(lambda connection: connection.execute("SELECT * FROM nowhere")))


def test_a_defect_in_the_work_stays_a_defect(make: Make, runner: asyncio.Runner) -> None:
    with pytest.raises(ZeroDivisionError):
        runner.run(make().run(lambda _connection: 1 // 0))


def test_work_is_not_acknowledged_when_the_files_left_while_it_ran(
    make: Make, runner: asyncio.Runner
) -> None:
    looks: list[int] = []

    def guard() -> None:
        looks.append(1)
        if len(looks) == 2:
            raise StoreUnavailable("gone")

    with pytest.raises(StoreUnavailable, match="gone"):
        runner.run(make(guard).run(_one))
