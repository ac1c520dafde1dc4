"""Faults of the machine: the service copes, and is back within seconds of their end."""

import asyncio
import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import psutil
import pytest

from battery.reference.demo import ReferenceTarget
from tests.integration.reference.waiting import answers, metric, ready, until

ORDER = {"item": "bolt", "quantity": 1, "unit_price_cents": 2}


def test_a_paused_service_goes_on_where_it_was(target: ReferenceTarget, client: httpx.Client) -> None:
    assert client.post("/api/orders", json=ORDER).status_code == 201
    os.kill(target.pid, signal.SIGSTOP)
    try:
        assert not answers(f"{target.url}/api/health/live", timeout=0.3)
    finally:
        os.kill(target.pid, signal.SIGCONT)
    until(lambda: ready(target.url))
    assert client.get("/api/orders/1").status_code == 200


def test_without_descriptors_it_stays_alive_and_serves_again_when_it_has_some(
    target: ReferenceTarget, client: httpx.Client
) -> None:
    assert client.get("/api/health/live").status_code == 200
    soft, hard = resource.prlimit(target.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(target.pid, resource.RLIMIT_NOFILE, (psutil.Process(target.pid).num_fds() + 1, hard))
    try:
        with ExitStack() as stack:
            others = [stack.enter_context(httpx.Client(base_url=target.url, timeout=0.3)) for _ in range(4)]
            assert not all(_is_served(other) for other in others)
            # Who has a connection is served on.
            assert client.get("/api/orders").status_code == 200
            assert client.get("/metrics").status_code == 200
            assert client.post("/api/orders", json=ORDER).status_code == 201
    finally:
        resource.prlimit(target.pid, resource.RLIMIT_NOFILE, (soft, hard))
    until(lambda: ready(target.url))


def _is_served(client: httpx.Client) -> bool:
    try:
        return client.get("/api/health/live").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for little."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], check=False)
    if mounted.returncode:
        pytest.skip("no file system may be mounted here: run as root, with CAP_SYS_ADMIN")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_on_a_full_disk_writes_are_refused_and_work_again_when_there_is_room(
    tmp_path: Path, small_disk: Path
) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "data").symlink_to(small_disk)
    with ReferenceTarget(tmp_path / "target") as target, httpx.Client(base_url=target.url) as client:
        assert client.post("/api/records", json={"id": "before", "run": "r"}).status_code == 201
        filler = small_disk / "filler"
        _fill(filler)
        refused = client.post("/api/records", json={"id": "during", "run": "r"})
        assert refused.status_code in (503, 507)
        assert refused.headers["retry-after"] == "1"
        assert client.get("/api/health/live").status_code == 200
        assert not ready(target.url)
        filler.unlink()
        until(lambda: ready(target.url))
        assert client.post("/api/records", json={"id": "after", "run": "r"}).status_code == 201
        kept = client.get("/api/records?run=r").json()["records"]
        assert [record["id"] for record in kept if record["id"] != "during"] == ["before", "after"]


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            pass  # full


def test_a_burst_far_above_capacity_is_shed_and_leaves_nothing_behind(
    target: ReferenceTarget, client: httpx.Client
) -> None:
    statuses = asyncio.run(_burst(target.url, 900))
    assert set(statuses) <= {200, 503}
    assert statuses.count(200) > 0
    until(lambda: ready(target.url))
    assert client.get("/api/report").status_code == 200
    assert metric(client, "requests_shed_total") <= statuses.count(503)
    assert metric(client, 'store_lane_depth{lane="report"}') == 0


async def _burst(url: str, requests: int) -> list[int]:
    """The answers to so many reports that are asked for at the same time, each on a connection of its own."""
    port = int(url.rpartition(":")[2])
    return await asyncio.gather(*(_report(port) for _ in range(requests)))


async def _report(port: int) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"GET /api/report HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        status = int(head.split()[1])
        assert status == 200 or b"\r\nretry-after: 1\r\n" in head.lower()
        return status
    finally:
        writer.close()
