"""The queue as a service makes it, with its planted defects."""

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from battery.reference.app import build_app
from battery.reference.clock import wall_clock
from battery.reference.health.check import examine
from battery.reference.health.queue import QueueWorks
from battery.reference.metrics.registry import Registry
from battery.reference.queue.failure import QueueFull, WrongQueueSettings
from battery.reference.queue.job import JobDraft
from battery.reference.queue.ledger import FILE
from battery.reference.queue.opening import job_queue
from battery.reference.queue.queue import JobQueue
from battery.reference.store.database import Database
from tests.fakes.reference_queue import QueueOverFolder, until

BOLT = JobDraft("bolt")
SMALL = {"REFERENCE_QUEUE_CAPACITY": "2", "REFERENCE_JOB_SECONDS": "0"}


def _made(folder: Path, *defects: str) -> JobQueue:
    return job_queue(folder, Registry(), wall_clock, defects, SMALL)


async def _accepted(queue: JobQueue, offered: int) -> int:
    results = await asyncio.gather(*(queue.submit(BOLT) for _ in range(offered)), return_exceptions=True)
    assert all(isinstance(result, QueueFull) for result in results if isinstance(result, BaseException))
    return sum(not isinstance(result, BaseException) for result in results)


@pytest.mark.parametrize(("defects", "accepted"), [((), 2), (("queue_unbounded",), 300)])
def test_only_the_planted_defect_takes_more_than_the_bound(
    runner: asyncio.Runner, tmp_path: Path, defects: tuple[str, ...], accepted: int
) -> None:
    with closing(_made(tmp_path, *defects)) as queue:
        queue.open()
        assert runner.run(_accepted(queue, 300)) == accepted
        assert (queue.backlog.depth, queue.capacity) == (accepted, 2)


@pytest.mark.parametrize(("defects", "kept"), [((), True), (("jobs_lost",), False)])
def test_only_the_planted_defect_keeps_jobs_in_memory(
    runner: asyncio.Runner, tmp_path: Path, defects: tuple[str, ...], kept: bool
) -> None:
    with closing(_made(tmp_path, *defects)) as queue:
        queue.open()
        job = runner.run(queue.submit(BOLT)).job
        assert runner.run(queue.find(job.id)) == job
    with closing(_made(tmp_path, *defects)) as queue:
        queue.open()
        assert (runner.run(queue.find(job.id)) == job) is kept
    assert (tmp_path / FILE).exists() is kept


def test_its_figures_are_metrics(tmp_path: Path, runner: asyncio.Runner) -> None:
    registry = Registry()
    with closing(job_queue(tmp_path, registry, wall_clock, (), SMALL)) as queue:
        queue.open()
        runner.run(queue.submit(BOLT))
        lines = set(registry.render().splitlines())
    assert {"jobs_queue_depth 1", "jobs_queue_capacity 2", "jobs_running 0", "jobs_accepted_total 1"} <= lines
    assert {
        "jobs_queue_depth",
        "jobs_queue_capacity",
        "jobs_queue_oldest_age_seconds",
        "jobs_running",
        "jobs_accepted_total",
        "jobs_replayed_total",
        "jobs_refused_total",
        "jobs_finished_total",
        "jobs_resumed_total",
        "job_turnaround_seconds",
    } == set(registry.names())


def test_what_the_environment_cannot_mean_stops_the_start(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFERENCE_QUEUE_CAPACITY", "none")
    with pytest.raises(WrongQueueSettings, match="'none', expected a whole number"):
        build_app(database)


def test_a_queue_that_is_full_works_and_one_without_its_file_does_not(
    runner: asyncio.Runner, tmp_path: Path
) -> None:
    over = QueueOverFolder(tmp_path, capacity=1)

    async def use() -> None:
        async with over.open() as queue:
            await queue.submit(BOLT)
            outcome = await examine(QueueWorks(queue), 1)
            assert (outcome.name, outcome.ok, outcome.detail) == ("queue", True, "1 of 1 jobs wait")
            (tmp_path / FILE).unlink()
            outcome = await examine(QueueWorks(queue), 1)
            assert (outcome.ok, outcome.detail) == (False, "jobs.sqlite3 is missing")

    runner.run(use())


def test_a_worker_survives_what_nobody_foresaw(
    runner: asyncio.Runner, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    over = QueueOverFolder(tmp_path)

    async def use() -> None:
        async with over.open() as queue:
            await queue.submit(BOLT)
            over.clock.broken = True
            working = asyncio.create_task(queue.run())
            await until(lambda: "the clock is broken" in caplog.text)
            over.clock.broken = False
            await until(lambda: over.counted("jobs_finished_total") == 1)
            working.cancel()
            await asyncio.wait({working})

    runner.run(use())
