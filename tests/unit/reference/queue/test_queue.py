"""The queue: its bound, its order, its figures."""

import asyncio
import logging
from pathlib import Path

import pytest

from battery.reference.queue.failure import QueueFull
from battery.reference.queue.job import Job, JobDraft
from battery.reference.queue.ledger import FILE, WAITING, Ledger
from battery.reference.store.failure import KeyConflict, StoreBusy, StoreUnavailable
from tests.fakes.reference_queue import QueueOverFolder, until

BOLT = JobDraft("bolt", 2)


def test_it_takes_jobs_up_to_its_capacity_and_refuses_the_next(
    runner: asyncio.Runner, tmp_path: Path
) -> None:
    over = QueueOverFolder(tmp_path)

    async def use() -> None:
        async with over.open() as queue:
            for depth in (1, 2, 3):
                assert (await queue.submit(BOLT)).backlog.depth == depth
            with pytest.raises(QueueFull, match="3 of 3 jobs"):
                await queue.submit(BOLT)
            assert queue.backlog.depth == 3

    runner.run(use())
    assert (over.counted("jobs_accepted_total"), over.counted("jobs_refused_total")) == (3, 1)


def test_the_bound_holds_however_many_come_at_once(runner: asyncio.Runner, tmp_path: Path) -> None:
    over = QueueOverFolder(tmp_path, capacity=5)

    async def use() -> list[object]:
        async with over.open() as queue:
            return list(
                await asyncio.gather(*(queue.submit(BOLT) for _ in range(40)), return_exceptions=True)
            )

    results = runner.run(use())
    assert sum(isinstance(result, QueueFull) for result in results) == 35
    assert over.counted("jobs_accepted_total") == 5


def test_more_than_can_wait_for_the_disk_is_refused_too(runner: asyncio.Runner, tmp_path: Path) -> None:
    over = QueueOverFolder(tmp_path, capacity=1000)

    async def use() -> list[object]:
        async with over.open() as queue:
            return list(
                await asyncio.gather(*(queue.submit(BOLT) for _ in range(100)), return_exceptions=True)
            )

    results = runner.run(use())
    busy = sum(isinstance(result, StoreBusy) for result in results)
    assert busy == 100 - WAITING == over.counted("jobs_refused_total")
    assert over.counted("jobs_accepted_total") == WAITING


def test_a_queue_without_a_bound_takes_all_and_says_how_deep_it_is(
    runner: asyncio.Runner, tmp_path: Path
) -> None:
    over = QueueOverFolder(tmp_path, bounded=False)

    async def use() -> None:
        async with over.open() as queue:
            await asyncio.gather(*(queue.submit(BOLT) for _ in range(40)))
            assert (queue.backlog.depth, queue.capacity) == (40, 3)

    runner.run(use())


def test_a_retry_with_its_key_is_the_same_job_also_when_the_queue_is_full(
    runner: asyncio.Runner, tmp_path: Path
) -> None:
    over = QueueOverFolder(tmp_path, capacity=1)

    async def use() -> None:
        async with over.open() as queue:
            first = await queue.submit(BOLT, "k")
            again = await queue.submit(BOLT, "k")
            assert (again.job, first.replayed, again.replayed) == (first.job, False, True)
            with pytest.raises(QueueFull):
                await queue.submit(BOLT, "other")
            with pytest.raises(KeyConflict):
                await queue.submit(JobDraft("nut"), "k")

    runner.run(use())
    assert over.counted("jobs_replayed_total") == 1


def test_jobs_are_done_in_the_order_in_which_they_came_once_each(
    runner: asyncio.Runner, tmp_path: Path
) -> None:
    over = QueueOverFolder(tmp_path, capacity=20)

    async def use() -> list[Job | None]:
        async with over.open(working=True) as queue:
            jobs = [(await queue.submit(BOLT)).job.id for _ in range(10)]
            await until(lambda: queue.backlog.depth == 0)
            totals = await queue.totals()
            assert (totals.done, totals.booked, totals.pieces) == (10, 10, 20)
            return [await queue.find(job) for job in jobs]

    jobs = runner.run(use())
    assert [job and (job.state, job.stock, job.attempts) for job in jobs] == [
        ("done", 2 * number, 1) for number in range(1, 11)
    ]
    assert over.counted("jobs_finished_total") == over.counted("job_turnaround_seconds_count") == 10


def test_what_was_begun_and_what_waits_is_done_by_the_next_process_and_booked_once(
    runner: asyncio.Runner, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def crash() -> None:
        async with QueueOverFolder(tmp_path, job_seconds=3600).open(working=True) as queue:
            for _ in range(3):
                await queue.submit(BOLT)
            await until(lambda: queue.backlog.running == 1)

    over = QueueOverFolder(tmp_path)

    async def recover() -> list[int | None]:
        async with over.open(working=True) as queue:
            await until(lambda: over.counted("jobs_finished_total") == 3)
            totals = await queue.totals()
            assert (totals.done, totals.booked, totals.pieces) == (3, 3, 6)
            return [job.attempts if (job := await queue.find(number)) else None for number in (1, 2, 3)]

    runner.run(crash())
    assert runner.run(recover()) == [2, 1, 1]
    assert over.counted("jobs_resumed_total") == 1
    assert [record.message for record in caplog.records] == ["a job is begun again"]


def test_finishing_a_job_twice_books_it_once(runner: asyncio.Runner, tmp_path: Path) -> None:
    over = QueueOverFolder(tmp_path)

    async def use() -> None:
        async with over.open():
            ledger = Ledger(tmp_path)
            job = (await ledger.accept(BOLT, None, 1, 0.0)).job
            assert [(await ledger.finish(job.id, 1.0))[0] for _ in range(2)] == [True, False]
            assert (await ledger.totals()).pieces == 2
            ledger.close()

    runner.run(use())


def test_it_tells_how_long_the_oldest_waits_and_when_to_come_back(
    runner: asyncio.Runner, tmp_path: Path
) -> None:
    over = QueueOverFolder(tmp_path, job_seconds=4)

    async def use() -> None:
        async with over.open() as queue:
            assert (queue.oldest_seconds(), queue.retry_after()) == (0, 1)
            await queue.submit(BOLT)
            over.clock.turn(5)
            await queue.submit(BOLT)
            assert (queue.oldest_seconds(), queue.retry_after()) == (5, 4)
            over.clock.turn(-60)
            assert queue.oldest_seconds() == 0

    runner.run(use())


def test_a_flood_between_two_looks_is_seen_by_the_second(runner: asyncio.Runner, tmp_path: Path) -> None:
    over = QueueOverFolder(tmp_path, capacity=4)

    async def use() -> None:
        async with over.open(working=True) as queue:
            assert queue.least_free() == 1
            await asyncio.gather(*(queue.submit(BOLT) for _ in range(4)))
            await until(lambda: queue.backlog.depth == 0)
            assert [queue.least_free(), queue.least_free()] == [0, 1]

    runner.run(use())


def test_a_queue_that_is_not_open_refuses_and_says_so(runner: asyncio.Runner, tmp_path: Path) -> None:
    queue = QueueOverFolder(tmp_path).queue
    assert queue.check() == "not begun"
    with pytest.raises(StoreUnavailable, match="not open"):
        runner.run(queue.submit(BOLT))
    queue.close()


def test_a_ledger_that_cannot_be_opened_is_tried_again_and_complained_of_once(
    runner: asyncio.Runner,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "battery.reference")
    over, folder = QueueOverFolder(tmp_path / "later"), tmp_path / "later"

    async def use() -> None:
        async with over.open(working=True) as queue:
            with pytest.raises(StoreUnavailable, match="unable to open"):
                queue.check()
            folder.mkdir()
            await until(lambda: not queue.trouble)
            await queue.submit(BOLT)
            assert queue.check().startswith("1 of 3")

    runner.run(use())
    assert [record.message for record in caplog.records] == ["jobs cannot be done"]


def test_a_ledger_that_was_moved_away_takes_nothing_and_goes_on_when_it_is_back(
    runner: asyncio.Runner, tmp_path: Path
) -> None:
    over, file, away = QueueOverFolder(tmp_path), tmp_path / FILE, tmp_path / "away"

    async def use() -> None:
        async with over.open(working=True) as queue:
            await queue.submit(BOLT)
            await until(lambda: queue.backlog.depth == 0)
            file.rename(away)
            with pytest.raises(StoreUnavailable, match="is missing"):
                await queue.submit(BOLT)
            with pytest.raises(StoreUnavailable, match="is missing"):
                queue.check()
            away.rename(file)
            await queue.submit(BOLT)
            await until(lambda: over.counted("jobs_finished_total") == 2)

    runner.run(use())


@pytest.mark.parametrize("content", [b"no database " * 100, None])
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: bytes | None) -> None:
    import sqlite3
    from contextlib import closing

    if content:
        (tmp_path / FILE).write_bytes(content)
    else:
        with closing(sqlite3.connect(tmp_path / FILE)) as connection:
            connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreUnavailable, match=r"not a database|has schema 99"):
        Ledger(tmp_path)


def test_only_so_many_jobs_that_are_done_are_remembered(runner: asyncio.Runner, tmp_path: Path) -> None:
    over = QueueOverFolder(tmp_path, capacity=9, kept=2)

    async def use() -> list[bool]:
        async with over.open(working=True) as queue:
            for _ in range(6):
                await queue.submit(BOLT)
            await until(lambda: over.counted("jobs_finished_total") == 6)
            assert (await queue.totals()).done == 6
            return [await queue.find(number) is not None for number in range(1, 7)]

    assert runner.run(use()) == [False, False, False, False, True, True]
