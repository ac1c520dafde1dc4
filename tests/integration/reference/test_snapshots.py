"""Snapshots of a running service."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest

from battery.reference.demo import ReferenceTarget
from tests.integration.reference.waiting import ready, until


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[ReferenceTarget]:
    with ReferenceTarget(tmp_path / "target", supervised=True) as target:
        yield target


@pytest.fixture
def client(supervised: ReferenceTarget) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=supervised.url, timeout=60.0) as client:
        yield client


def _run(*words: str | Path) -> str:
    command = [sys.executable, "-m", "battery.reference.snapshots", *map(str, words)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.strip()


def _kept(client: httpx.Client, run: str = "r") -> list[str]:
    return [record["id"] for record in client.get(f"/api/records?run={run}").json()["records"]]


def _restarts(url: str) -> int | None:
    try:
        restarts: int | None = httpx.get(f"{url}/api/health/details", timeout=60).json()["restarts"]
    except httpx.TransportError:
        return None
    return restarts


def test_the_drill_on_a_service_that_runs(
    supervised: ReferenceTarget, client: httpx.Client, tmp_path: Path
) -> None:
    data, file = supervised.folder / "data", tmp_path / "backup"
    for number in range(20):
        assert client.post("/api/records", json={"id": str(number), "run": "r"}).status_code == 201
    job = client.post("/api/jobs", json={"item": "bolt", "pieces": 7}).json()["id"]
    until(lambda: client.get(f"/api/jobs/{job}").json()["state"] == "done")
    before = _run("digest", "--data", data)
    assert json.loads(_run("backup", "--data", data, "--file", file))["digest"] == before
    _run("destroy", "--data", data, "--file", file)
    assert _run("digest", "--data", data) != before
    assert client.get("/api/health/ready").status_code == 503
    _run("restore", "--data", data, "--file", file, "--expect", before)
    # The supervisor starts it anew over what was restored.
    until(lambda: _restarts(supervised.url) == 1 and ready(supervised.url))
    assert _run("digest", "--data", data) == before
    assert _kept(client) == [str(number) for number in range(20)]
    assert client.get(f"/api/jobs/{job}").json()["stock"] == 7
    assert client.post("/api/records", json={"id": "after", "run": "r"}).status_code == 201
    audit = subprocess.run(
        [sys.executable, "-m", "battery.reference.audit", "verify", data / "audit.ndjson"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert audit.returncode == 0, audit.stdout + audit.stderr


def test_a_backup_under_writes_holds_all_that_was_acknowledged_before_it_began(
    supervised: ReferenceTarget, client: httpx.Client, tmp_path: Path
) -> None:
    enough, end = Event(), Event()
    acknowledged: list[str] = []

    def write() -> None:
        with httpx.Client(base_url=supervised.url, timeout=60.0) as own:
            while not end.is_set():
                name = str(len(acknowledged))
                if own.post("/api/records", json={"id": name, "run": "w"}).status_code == 201:
                    acknowledged.append(name)
                if len(acknowledged) >= 50:
                    enough.set()

    writer = Thread(target=write, daemon=True)
    writer.start()
    assert enough.wait(60)
    before = list(acknowledged)
    _run("backup", "--data", supervised.folder / "data", "--file", tmp_path / "backup")
    end.set()
    writer.join(60)
    _run("restore", "--data", tmp_path / "elsewhere" / "data", "--file", tmp_path / "backup")
    with ReferenceTarget(tmp_path / "elsewhere") as other, httpx.Client(base_url=other.url) as reader:
        kept = _kept(reader, "w")
    assert kept[: len(before)] == before
    assert kept == acknowledged[: len(kept)]
