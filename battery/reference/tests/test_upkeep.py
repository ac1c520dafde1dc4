"""Jobs, the audit log and snapshots, over a service that runs."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from battery.reference.audit.__main__ import main as audit
from battery.reference.demo import ReferenceTarget
from battery.reference.snapshots.__main__ import main as snapshots
from battery.reference.tests.waiting import until

pytestmark = pytest.mark.processes


def _state(client: httpx.Client, where: str) -> str:
    state: str = client.get(where).json()["state"]
    return state


def test_a_job_is_accepted_done_and_not_done_twice(client: httpx.Client) -> None:
    job, key = {"item": "bolt", "pieces": 3}, {"idempotency-key": "job-1"}
    before = client.get("/api/jobs").json()["done"]
    first, again = (client.post("/api/jobs", json=job, headers=key) for _ in range(2))
    assert (first.status_code, again.headers["idempotency-replayed"]) == (202, "true")
    assert first.json()["id"] == again.json()["id"]
    until(lambda: _state(client, first.headers["location"]) == "done")
    assert client.get("/api/jobs").json()["done"] == before + 1
    assert client.get("/api/jobs/999").status_code == client.get("/api/jobs/x").status_code == 404
    other = client.post("/api/jobs", json={**job, "pieces": 4}, headers=key)
    assert other.status_code == 409


def test_the_audit_log_is_a_chain_that_can_be_verified(target: ReferenceTarget, client: httpx.Client) -> None:
    client.post("/api/records", json={"id": "a", "run": "audit"})
    recent = client.get("/api/audit?limit=5").json()
    assert recent["entries"][-1]["hash"] == recent["figures"]["head"]
    assert client.get("/api/audit/verify").json()["intact"] is True
    log = target.folder / "data" / "audit.ndjson"
    copy = log.read_bytes()
    assert client.post("/api/audit/verify", content=copy).json()["intact"] is True
    broken = copy.replace(b"service.started", b"service.stopped")
    assert client.post("/api/audit/verify", content=broken).json()["intact"] is False
    assert client.post("/api/audit/verify").status_code == 400
    assert httpx.get(f"{target.url}/api/audit").status_code == 401


def test_the_command_tells_an_intact_log_from_a_broken_one(target: ReferenceTarget, tmp_path: Path) -> None:
    data = target.folder / "data"
    lines = (data / "audit.ndjson").read_bytes().splitlines(keepends=True)
    copy = tmp_path / "audit.ndjson"
    for written, status in (
        (lines, 0),
        (lines[:1], 1),
        ([lines[1], lines[0], *lines[2:]], 1),
        ([b"nothing\n"], 1),
        ([b'{"a": 1, "a": 2}\n'], 1),
        ([b'{"a": NaN}\n'], 1),
        ([*lines[:1], json.dumps({"seq": 2}).encode() + b"\n"], 1),
    ):
        copy.write_bytes(b"".join(written))
        assert audit(["verify", str(copy), "--data", str(data)], {}) == status
    assert audit(["verify", str(tmp_path / "gone")], {}) == 64


def test_a_snapshot_is_taken_and_gone_back_to_under_a_running_service(
    target: ReferenceTarget, client: httpx.Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, file = ["--data", str(target.folder / "data")], ["--file", str(tmp_path / "snapshot")]
    order = client.post("/api/orders", json={"item": "gear", "quantity": 1, "unit_price_cents": 5})
    assert snapshots(["backup", *data, *file]) == 0
    assert snapshots(["digest", *data]) == 0
    before = capsys.readouterr().out.splitlines()[-1]
    client.delete(order.headers["location"])
    assert snapshots(["destroy", *data, *file]) == 0
    assert snapshots(["restore", *data, *file, "--expect", before]) == 0
    until(lambda: _is_back(client, order.headers["location"]))


def _is_back(client: httpx.Client, where: str) -> bool:
    try:
        return client.get(where).status_code == 200
    except httpx.TransportError:
        return False


def test_a_snapshot_that_is_not_whole_changes_nothing(target: ReferenceTarget, tmp_path: Path) -> None:
    data = ["--data", str(target.folder / "data")]
    file = tmp_path / "snapshot"
    assert snapshots(["backup", *data, "--file", str(file)]) == 0
    whole = file.read_bytes()
    place = whole.index(b"SQLite format 3") + 40
    flipped = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
    for damaged in (whole[: len(whole) // 2], b"", flipped):
        file.write_bytes(damaged)
        assert snapshots(["restore", *data, "--file", str(file)]) == 1
    file.write_bytes(whole)
    assert snapshots(["restore", *data, "--file", str(file), "--expect", "0" * 64]) == 1
    assert snapshots(["backup", "--data", str(tmp_path / "nothing"), "--file", str(file)]) == 1
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "theirs").touch()
    assert snapshots(["restore", "--data", str(tmp_path / "foreign"), "--file", str(file)]) == 1


def test_a_snapshot_makes_a_folder_that_a_service_can_serve_from(
    target: ReferenceTarget, tmp_path: Path
) -> None:
    file, fresh = tmp_path / "snapshot", tmp_path / "fresh" / "data"
    assert snapshots(["backup", "--data", str(target.folder / "data"), "--file", str(file)]) == 0
    command = [sys.executable, "-P", "-m", "battery.reference.snapshots"]
    done = subprocess.run(
        [*command, "restore", "--data", str(fresh), "--file", str(file)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with ReferenceTarget(tmp_path / "fresh") as again:
        assert httpx.get(f"{again.url}/api/orders", timeout=60).status_code == 200
