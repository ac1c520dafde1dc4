"""Watching for data that was replaced under a running service."""

import asyncio
import logging
from pathlib import Path

import pytest

from battery.reference.app import build_app
from battery.reference.clock import wall_clock
from battery.reference.degradation.ladder import Ladder
from battery.reference.dependency.link import own_link
from battery.reference.lifecycle import Lifecycle
from battery.reference.metrics.registry import Registry
from battery.reference.snapshots.backing_up import back_up
from battery.reference.snapshots.marker import FILE as MARKER
from battery.reference.snapshots.restoring import JOURNAL, restore
from battery.reference.snapshots.watching import ReplacedData
from battery.reference.store.database import Database
from battery.reference.store.failure import StoreUnavailable
from battery.reference.upkeep import Upkeep


class _Ends:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def _watch(data: Path, restarts: int | None, ends: _Ends) -> ReplacedData:
    return ReplacedData(data, Lifecycle(restarts=restarts), ends, period=0)


def test_a_file_that_is_gone_may_come_back(data: Path, tmp_path: Path) -> None:
    watch, file = _watch(data, 0, _Ends()), data / "orders.sqlite3"
    file.rename(tmp_path / "away")
    assert watch.replaced() == ""
    (tmp_path / "away").rename(file)
    assert watch.replaced() == ""


@pytest.mark.parametrize(("restarts", "ended", "level"), [(0, 1, "WARNING"), (None, 0, "ERROR")])
def test_after_a_restore_a_supervised_service_ends_and_another_one_says_what_to_do(
    runner: asyncio.Runner,
    data: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    restarts: int | None,
    ended: int,
    level: str,
) -> None:
    caplog.set_level(logging.INFO, "battery.reference")
    ends = _Ends()
    watch = _watch(data, restarts, ends)
    back_up(data, tmp_path / "b")

    async def use() -> None:
        looking = asyncio.create_task(watch.run())
        await asyncio.sleep(0)
        assert not looking.done()
        restore(data, tmp_path / "b")
        await looking

    runner.run(use())
    assert ends.count == ended
    assert [record.levelname for record in caplog.records] == [level]
    assert watch.replaced() == "jobs.sqlite3"


def test_it_waits_for_the_end_of_a_restore_under_way(data: Path, tmp_path: Path) -> None:
    watch = _watch(data, 0, _Ends())
    back_up(data, tmp_path / "b")
    restore(data, tmp_path / "b")
    (data / JOURNAL).touch()
    assert watch.replaced() == ""
    (data / JOURNAL).unlink()
    assert watch.replaced()


def test_a_service_does_not_start_over_data_that_is_half_restored(database: Database) -> None:
    (database.folder / JOURNAL).touch()
    with pytest.raises(StoreUnavailable, match="was cut off: run it again"):
        build_app(database)


def test_a_folder_that_cannot_be_marked_is_served_and_it_is_said(
    runner: asyncio.Runner, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    (database.folder / MARKER).mkdir()

    async def serve() -> None:
        upkeep = Upkeep(database, own_link(), Lifecycle(), Registry(), Ladder(), wall_clock)
        async with upkeep.running():
            assert upkeep.queue.check() == "0 of 64 jobs wait"

    runner.run(serve())
    assert "cannot be marked" in caplog.text
