"""The health API."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from battery.reference.store.database import Database

Call = Callable[..., httpx.Response]


@pytest.mark.parametrize("name", ["live", "ready", "status", "check"])
def test_a_healthy_service_says_ok(call: Call, name: str) -> None:
    answer = call("GET", f"/api/health/{name}")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_check_runs_every_check_and_times_it(call: Call) -> None:
    checks = call("GET", "/api/health/check").json()["checks"]
    names = ["lifecycle", "database_read", "database_write", "disk", "lanes", "queue"]
    assert [check["name"] for check in checks] == names
    assert all(check["duration_ms"] >= 0 for check in checks)


def test_ready_writes_to_the_disk(call: Call, database: Database, tmp_path: Path) -> None:
    log = tmp_path / "data" / "orders.sqlite3-wal"
    before = log.stat().st_size
    call("GET", "/api/health/ready")
    assert log.stat().st_size > before


def test_details_describe_the_process_and_its_modules(call: Call) -> None:
    details = call("GET", "/api/health/details").json()
    assert details["status"] == "ok"
    assert details["process"]["pid"] == os.getpid()
    assert set(details["process"]) == {
        "pid",
        "uptime_seconds",
        "resident_bytes",
        "cpu_seconds",
        "threads",
        "descriptors",
    }
    assert [module["name"] for module in details["modules"]] == ["database_read", "disk", "lanes", "queue"]
    assert [lane["name"] for lane in details["lanes"]] == ["write", "read", "report"]
    assert details["disk_free_bytes"] > 0


def test_details_tell_cpu_memory_disk_and_restarts(call: Call) -> None:
    details = call("GET", "/api/health/details").json()
    assert details["cpu"]["count"] >= 1
    assert 0 <= details["cpu"]["percent"] <= 100
    assert 0 < details["memory"]["available_bytes"] <= details["memory"]["total_bytes"]
    assert 0 < details["disk"]["free_bytes"] <= details["disk"]["total_bytes"]
    assert details["restarts"] is None


def test_without_its_data_only_live_holds_and_details_say_why(call: Call, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "data")
    assert call("GET", "/api/health/live").status_code == 200
    ready = call("GET", "/api/health/ready")
    assert (ready.status_code, ready.json()["failing"]) == (503, ["database_read", "database_write"])
    status = call("GET", "/api/health/status")
    assert status.status_code == 503
    assert (status.json()["status"], status.json()["failing"]) == ("failing", ["database_read", "disk"])
    details = call("GET", "/api/health/details")
    assert (details.status_code, details.json()["status"]) == (200, "failing")
    assert details.json()["disk_free_bytes"] is None
