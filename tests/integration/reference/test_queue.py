"""The job queue of a running service: its bound, a flood, and a kill in the middle of its work."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from battery.reference.demo import ReferenceTarget
from tests.integration.reference.waiting import metric, until

CAPACITY = 40
SLOW = {"REFERENCE_QUEUE_CAPACITY": str(CAPACITY), "REFERENCE_JOB_SECONDS": "0.05"}
BOLT = {"item": "bolt", "pieces": 1}


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[ReferenceTarget]:
    with ReferenceTarget(tmp_path / "target", supervised=True, environment=SLOW) as target:
        yield target


@pytest.fixture
def jobs(supervised: ReferenceTarget) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=supervised.url, timeout=60.0) as client:
        yield client


def _depth(client: httpx.Client) -> int:
    depth: int = client.get("/api/jobs").json()["depth"]
    return depth


async def _flood(url: str, offered: int) -> list[httpx.Response]:
    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(base_url=url, timeout=60.0, limits=limits) as client:
        return await asyncio.gather(*(client.post("/api/jobs", json=BOLT) for _ in range(offered)))


def test_a_flood_is_refused_at_the_bound_and_what_was_accepted_is_done(
    supervised: ReferenceTarget, jobs: httpx.Client
) -> None:
    answers = asyncio.run(_flood(supervised.url, 400))
    accepted = [answer.json()["id"] for answer in answers if answer.status_code == 202]
    refused = [answer for answer in answers if answer.status_code == 503]
    assert len(accepted) + len(refused) == 400
    assert CAPACITY <= len(accepted) < 400
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    assert _depth(jobs) <= CAPACITY
    assert metric(jobs, "jobs_queue_capacity") == CAPACITY
    assert metric(jobs, "jobs_refused_total") >= 1
    until(lambda: _depth(jobs) == 0)
    assert {jobs.get(f"/api/jobs/{number}").json()["state"] for number in accepted} == {"done"}
    assert jobs.get("/api/jobs").json()["booked"] == metric(jobs, "jobs_finished_total") == len(accepted)


def test_jobs_accepted_before_a_kill_are_done_once_each(
    supervised: ReferenceTarget, jobs: httpx.Client
) -> None:
    accepted: list[int] = []
    for _ in range(3):
        accepted += [jobs.post("/api/jobs", json=BOLT).json()["id"] for _ in range(10)]
        until(lambda: jobs.get("/api/jobs").json()["running"] == 1)
        worker = supervised.worker_pid
        os.kill(worker, signal.SIGKILL)
        until(lambda worker=worker: not psutil.pid_exists(worker))  # type: ignore[misc]
        # It waits in the socket's queue until the next worker takes it.
        jobs.get("/api/health/live")
    until(lambda: _depth(jobs) == 0)
    done = [jobs.get(f"/api/jobs/{number}").json() for number in accepted]
    assert [job["state"] for job in done] == ["done"] * 30
    # Stock rises by one with each booking: whatever was booked twice would leave a gap.
    assert [job["stock"] for job in done] == list(range(1, 31))
    overview = jobs.get("/api/jobs").json()
    assert (overview["done"], overview["booked"], overview["pieces"]) == (30, 30, 30)
    assert any(job["attempts"] > 1 for job in done)
    assert jobs.get("/api/health/details").json()["restarts"] == 3


def test_a_retry_after_a_kill_is_the_same_job(supervised: ReferenceTarget, jobs: httpx.Client) -> None:
    key = {"idempotency-key": "k"}
    first = jobs.post("/api/jobs", json=BOLT, headers=key).json()
    worker = supervised.worker_pid
    os.kill(worker, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(worker))
    again = jobs.post("/api/jobs", json=BOLT, headers=key)
    assert (again.json()["id"], again.headers["idempotency-replayed"]) == (first["id"], "true")


def test_a_capacity_that_cannot_be_is_one_line_and_exit_1(tmp_path: Path) -> None:
    import subprocess
    import sys

    command = [sys.executable, "-m", "battery.reference", "--data", str(tmp_path)]
    environment = {**os.environ, "REFERENCE_QUEUE_CAPACITY": "0"}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr == (
        "cannot serve: REFERENCE_QUEUE_CAPACITY is '0', expected a whole number from 1 to 100000\n"
    )
