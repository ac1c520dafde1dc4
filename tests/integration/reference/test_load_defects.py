"""The load defects in a running service."""

import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest

from battery.reference.demo import ReferenceTarget

DEADLINE_SECONDS = 20.0


@pytest.mark.parametrize(
    ("defect", "read", "growth"),
    [
        ("leak", lambda process: process.memory_info().rss, 1_500_000),
        ("thread_leak", psutil.Process.num_threads, 3),
        ("descriptor_leak", psutil.Process.num_fds, 8),
    ],
)
def test_what_leaks_grows_while_the_service_serves(
    tmp_path: Path, defect: str, read: Callable[[psutil.Process], int], growth: int
) -> None:
    with ReferenceTarget(tmp_path, defects=(defect,)) as target:
        process = psutil.Process(target.pid)
        before, deadline = read(process), time.monotonic() + DEADLINE_SECONDS
        while read(process) < before + growth:
            assert time.monotonic() < deadline
            assert httpx.get(f"{target.url}/api/health/ready").status_code == 200
            time.sleep(0.05)


def test_two_defects_work_together(tmp_path: Path) -> None:
    with (
        ReferenceTarget(tmp_path, defects=("errors", "degrading")) as target,
        httpx.Client(base_url=target.url) as client,
    ):
        statuses = [client.get("/api/echo").status_code for _ in range(60)]
        assert statuses.count(500) == 1
        assert client.get("/api/echo").elapsed.total_seconds() >= 0.019


def test_an_answer_that_breaks_off_is_hung_up_on_at_once(tmp_path: Path) -> None:
    broken = 0
    with (
        ReferenceTarget(tmp_path, defects=("cut_answers",)) as target,
        httpx.Client(base_url=target.url, timeout=5) as client,
    ):
        for _ in range(60):
            try:
                client.get("/api/echo")
            except httpx.RemoteProtocolError as error:
                broken += "peer closed connection without sending complete message body" in str(error)
    assert broken == 1
