"""The jobs API."""

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from battery.reference.audit.trail import NoAudit
from battery.reference.body import BodyLimits
from battery.reference.problems import install_problems
from battery.reference.routes.jobs import JobRoutes
from tests.fakes.reference_queue import QueueOverFolder, until

BOLT = {"item": "bolt", "pieces": 3}


def _client(over: QueueOverFolder) -> httpx.AsyncClient:
    app = Starlette(routes=JobRoutes(over.queue, BodyLimits(), NoAudit()).routes())
    install_problems(app)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://reference")


def test_a_job_is_accepted_done_and_found(runner: asyncio.Runner, tmp_path: Path) -> None:
    over = QueueOverFolder(tmp_path)

    async def use() -> None:
        async with over.open(working=True) as queue, _client(over) as client:
            accepted = await client.post("/api/jobs", json=BOLT)
            assert (accepted.status_code, accepted.json()["state"]) == (202, "waiting")
            await until(lambda: queue.backlog.depth == 0 and over.counted("jobs_finished_total") == 1)
            job = (await client.get(accepted.headers["location"])).json()
            assert job == {**accepted.json(), "state": "done", "attempts": 1, "stock": 3} | {
                "finished_at": job["accepted_at"]
            }

    runner.run(use())


def test_a_full_queue_is_a_503_that_says_when_to_come_back(runner: asyncio.Runner, tmp_path: Path) -> None:
    over = QueueOverFolder(tmp_path, job_seconds=10)

    async def use() -> None:
        async with over.open(), _client(over) as client:
            answers = [await client.post("/api/jobs", json=BOLT) for _ in range(4)]
            assert [answer.status_code for answer in answers] == [202, 202, 202, 503]
            assert answers[-1].headers["retry-after"] == "15"
            assert answers[-1].json()["detail"] == "the queue is full: 3 of 3 jobs are not done yet"

    runner.run(use())


def test_the_overview_tells_depth_bound_and_what_was_done(runner: asyncio.Runner, tmp_path: Path) -> None:
    over = QueueOverFolder(tmp_path)

    async def use() -> None:
        async with over.open(), _client(over) as client:
            await client.post("/api/jobs", json=BOLT)
            over.clock.turn(1.5)
            assert (await client.get("/api/jobs")).json() == {
                "waiting": 1,
                "running": 0,
                "depth": 1,
                "capacity": 3,
                "oldest_seconds": 1.5,
                "done": 0,
                "booked": 0,
                "pieces": 0,
            }

    runner.run(use())


def test_a_retry_is_answered_with_the_job_of_its_key(runner: asyncio.Runner, tmp_path: Path) -> None:
    over, key = QueueOverFolder(tmp_path), {"idempotency-key": "k"}

    async def use() -> None:
        async with over.open(), _client(over) as client:
            first, again = [await client.post("/api/jobs", json=BOLT, headers=key) for _ in range(2)]
            assert first.json() == again.json()
            assert "idempotency-replayed" not in first.headers
            assert again.headers["idempotency-replayed"] == "true"
            other = await client.post("/api/jobs", json={"item": "nut"}, headers=key)
            assert other.status_code == 409

    runner.run(use())


@pytest.mark.parametrize(
    ("job", "status"),
    [({}, 422), ({"item": ""}, 422), ({"item": "x", "pieces": 0}, 422), ({"item": "x", "more": 1}, 422)],
)
def test_what_is_no_job_is_refused(
    runner: asyncio.Runner, tmp_path: Path, job: dict[str, object], status: int
) -> None:
    over = QueueOverFolder(tmp_path)

    async def use() -> int:
        async with over.open(), _client(over) as client:
            return (await client.post("/api/jobs", json=job)).status_code

    assert runner.run(use()) == status


@pytest.mark.parametrize("number", ["7", "x", "1" * 30, "-1"])
def test_a_job_that_is_not_known_is_a_404(runner: asyncio.Runner, tmp_path: Path, number: str) -> None:
    over = QueueOverFolder(tmp_path)

    async def use() -> httpx.Response:
        async with over.open(), _client(over) as client:
            return await client.get(f"/api/jobs/{number}")

    answer = runner.run(use())
    assert (answer.status_code, answer.json()["detail"]) == (404, "there is no such job")


def test_a_ledger_that_is_not_there_is_a_503(runner: asyncio.Runner, tmp_path: Path) -> None:
    over = QueueOverFolder(tmp_path)

    async def use() -> httpx.Response:
        async with _client(over) as client:
            return await client.post("/api/jobs", json=BOLT)

    answer = runner.run(use())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["detail"] == "jobs cannot be kept at the moment"


def test_a_full_disk_is_a_507(runner: asyncio.Runner, tmp_path: Path) -> None:
    over = QueueOverFolder(tmp_path, capacity=10_000)

    async def use() -> int:
        async with over.open() as queue, _client(over) as client:
            ledger = queue._opened()
            await ledger.lane.run(lambda c: c.execute("PRAGMA max_page_count = 1").fetchone())
            while True:
                answer = await client.post("/api/jobs", json={"item": "x" * 120})
                if answer.status_code != 202:
                    return answer.status_code

    assert runner.run(use()) == 507
