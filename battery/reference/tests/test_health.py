"""How the service says that it is."""

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from battery.reference.app import build_app
from battery.reference.health.check import examine
from battery.reference.health.disk import DiskRoom
from battery.reference.health.lanes import LaneRoom
from battery.reference.lifecycle import Lifecycle
from battery.reference.store.database import Database
from battery.reference.tests.waiting import until

Call = Callable[..., httpx.Response]


@pytest.mark.parametrize("name", ["live", "ready", "status", "check"])
def test_a_healthy_service_says_ok(call: Call, name: str) -> None:
    # A check has one second, which a machine that is busy with something else may need.
    until(lambda: call("GET", f"/api/health/{name}").status_code == 200)
    assert call("GET", "/api/health/live").json()["status"] == "ok"


def test_details_describe_the_process_its_modules_and_its_lanes(call: Call) -> None:
    details = call("GET", "/api/health/details").json()
    assert details["process"]["pid"] == os.getpid()
    assert {"database_read", "disk", "lanes", "queue"} == {module["name"] for module in details["modules"]}
    assert [lane["name"] for lane in details["lanes"]] == ["write", "read", "report"]


def test_without_its_data_only_live_holds_and_the_others_say_why(call: Call, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "data")
    assert call("GET", "/api/health/live").status_code == 200
    assert call("GET", "/api/health/ready").json()["failing"] == ["database_read", "database_write"]
    assert call("GET", "/api/health/status").status_code == 503
    details = call("GET", "/api/health/details").json()
    assert (details["status"], details["disk_free_bytes"]) == ("failing", None)


def test_a_service_that_was_told_to_stop_is_not_ready(
    database: Database, caller: Callable[..., Call]
) -> None:
    lifecycle = Lifecycle()
    lifecycle.drain()
    answer = caller(build_app(database, lifecycle=lifecycle))("GET", "/api/health/ready")
    assert (answer.status_code, answer.json()["failing"]) == (503, ["lifecycle"])
    assert answer.headers["connection"] == "close"


def test_a_lane_without_room_and_a_disk_without_room_are_unhealthy(
    database: Database, tmp_path: Path
) -> None:
    database.read.depth = database.read.capacity
    try:
        full = asyncio.run(examine(LaneRoom(database.lanes), 1.0))
    finally:
        database.read.depth = 0
    short = asyncio.run(examine(DiskRoom(tmp_path, least_free=2**80), 1.0))
    assert (full.ok, full.detail) == (False, "full: read")
    assert (short.ok, short.name) == (False, "disk")


def test_a_check_that_does_not_answer_has_failed() -> None:
    class Hanging:
        name = "hanging"

        async def look(self) -> str:
            return await asyncio.Future()

    outcome = asyncio.run(examine(Hanging(), 0.01))
    assert (outcome.ok, outcome.detail) == (False, "no answer within 0.01 s")


def test_the_service_names_its_version_and_a_digest_of_its_source(call: Call) -> None:
    identity = call("GET", "/version").json()
    assert identity["name"] == "battery-reference"
    assert f'commit="{identity["commit"]}"' in call("GET", "/metrics").text
