"""The job queue in this process: its bound, its retries, its trouble."""

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from battery.reference.health.check import examine
from battery.reference.health.queue import QueueWorks
from battery.reference.metrics.registry import Registry
from battery.reference.queue.failure import QueueFull, WrongQueueSettings
from battery.reference.queue.job import JobDraft
from battery.reference.queue.ledger import FILE
from battery.reference.queue.opening import job_queue
from battery.reference.queue.queue import JobQueue
from battery.reference.store.failure import KeyConflict, StoreUnavailable

NOON = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)
BOLT = JobDraft("bolt", 3)


def _queue(folder: Path, *defects: str, environment: Mapping[str, str] | None = None) -> JobQueue:
    settings = {"REFERENCE_QUEUE_CAPACITY": "2", "REFERENCE_JOB_SECONDS": "0"}
    return job_queue(folder, Registry(), lambda: NOON, defects, {**settings, **(environment or {})})


def test_jobs_are_done_in_their_order_once_each(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def work() -> None:
        queue = _queue(tmp_path)
        running = asyncio.create_task(queue.run())
        while queue.check() == "not begun":
            await asyncio.sleep(0)
        jobs = [(await queue.submit(BOLT, key)).job for key in ("a", "a", "b")]
        while (found := await queue.find(jobs[-1].id)) is None or found.state != "done":
            await asyncio.sleep(0)
        assert found.stock == 6
        assert (await queue.totals()).done == 2
        with pytest.raises(KeyConflict):
            await queue.submit(JobDraft("nut", 1), "a")
        running.cancel()
        await asyncio.wait({running})
        queue.close()

    runner.run(work())


def test_a_full_queue_refuses_and_a_job_that_was_begun_is_begun_again(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    async def work() -> None:
        queue = _queue(tmp_path)
        queue.open()
        for key in (None, "k"):
            await queue.submit(BOLT, key)
        for key in (None, "other"):
            with pytest.raises(QueueFull, match="2 of 2"):
                await queue.submit(BOLT, key)
        assert (await queue.submit(BOLT, "k")).replayed
        assert (queue.retry_after(), queue.oldest_seconds(), queue.least_free()) == (1, 0.0, 0.0)
        assert (await examine(QueueWorks(queue), 60.0)).detail == "2 of 2 jobs wait"
        # As a process that ends while it works on the first one leaves it.
        with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as file:
            file.execute("UPDATE jobs SET state = 'running', attempts = 1 WHERE id = 1")
        running = asyncio.create_task(queue.run())
        while queue.backlog.depth:
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.wait({running})
        assert "jobs_resumed_total 1" in queue.tally.resumed.render()
        queue.close()

    runner.run(work())


def test_a_file_that_is_no_queue_is_told_and_jobs_are_refused(tmp_path: Path, runner: asyncio.Runner) -> None:
    (tmp_path / "jobs.sqlite3").write_bytes(b"no database at all, but long enough to be taken for one")

    async def work() -> None:
        queue = _queue(tmp_path)
        queue.open()
        with pytest.raises(StoreUnavailable):
            await queue.submit(BOLT)
        assert not (await examine(QueueWorks(queue), 60.0)).ok
        queue.close()

    runner.run(work())


def test_defects_take_away_the_bound_and_the_disk(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def work() -> None:
        queue = _queue(tmp_path, "queue_unbounded", "jobs_lost")
        queue.open()
        for _ in range(9):
            await queue.submit(BOLT)
        queue.close()

    runner.run(work())
    assert not (tmp_path / "jobs.sqlite3").exists()


@pytest.mark.parametrize("text", ["0", "x", "1.5", "1000000000"])
def test_a_capacity_that_cannot_be_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(WrongQueueSettings, match="expected a whole number"):
        _queue(tmp_path, environment={"REFERENCE_QUEUE_CAPACITY": text})
