"""The levels: stepping down at once, up again slowly, and what is switched off meanwhile."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from battery.reference.degradation.ladder import CALM_READINGS, Ladder
from battery.reference.degradation.machine import Machine
from battery.reference.degradation.monitor import Monitor
from battery.reference.degradation.score import Signals, score
from battery.reference.dependency.address import Address
from battery.reference.dependency.link import own_link
from battery.reference.dependency.opening import open_link
from battery.reference.problems import install_problems
from battery.reference.routes.prices import PriceRoutes
from battery.reference.routes.report import report_routes
from battery.reference.store.database import Database

Call = Callable[..., httpx.Response]


@pytest.mark.parametrize(
    ("signals", "points"),
    [
        (Signals(), 100),
        (Signals(memory_free=0.0), 40),
        (Signals(cpu_free=0.0, dependency_up=False), 50),
        (Signals(disk_free_bytes=0, memory_free=0), 0),
    ],
)
def test_each_shortage_costs_its_share(signals: Signals, points: float) -> None:
    assert score(signals) == points


def test_the_ladder_goes_down_at_once_and_up_one_level_after_calm_readings() -> None:
    ladder = Ladder()
    assert ladder.update(10) == "essential"
    assert [ladder.update(100) for _ in range(2 * CALM_READINGS)][CALM_READINGS - 1 :: CALM_READINGS] == [
        "reduced",
        "full",
    ]
    assert ladder.changes == 3


def test_the_report_and_real_suggestions_are_what_is_switched_off(
    database: Database, caller: Callable[..., Call]
) -> None:
    ladder = Ladder()
    ladder.update(10)
    app = Starlette(
        routes=[*report_routes(database, ladder), *PriceRoutes(own_link().prices, ladder).routes()]
    )
    install_problems(app)
    call = caller(app)
    report = call("GET", "/api/report")
    assert (report.status_code, report.headers["retry-after"]) == (503, "2")
    assert call("GET", "/api/suggestions?item=bolt").json()["degraded"] is True
    assert call("GET", "/api/quote?item=bolt").status_code == 200


def test_the_monitor_probes_a_dependency_that_is_down_and_moves_the_ladder(
    tmp_path: Path, runner: asyncio.Runner, caplog: pytest.LogCaptureFixture
) -> None:
    ladder = Ladder()

    async def look() -> None:
        link = open_link(Address("127.0.0.1", 1))
        assert link.breaker
        for _ in range(9):
            link.breaker.failed(0)
        monitor = Monitor(Machine(tmp_path), ladder, link, period=0.01)
        running = asyncio.create_task(monitor.run())
        while ladder.level == "full":
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait({running})

    runner.run(look())
    assert "the level changed" in caplog.text


def test_a_look_that_fails_is_not_the_last_one(
    runner: asyncio.Runner, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        looked = 0

        def read(self, **_: object) -> Signals:
            self.looked += 1
            raise RuntimeError("no reading")

    broken: Any = Broken()

    async def run() -> None:
        running = asyncio.create_task(Monitor(broken, Ladder(), own_link(), period=0.001).run())
        while broken.looked < 2:
            await asyncio.sleep(0.001)
        running.cancel()
        await asyncio.wait({running})

    runner.run(run())
    assert "no reading" in caplog.text


def test_a_machine_that_cannot_be_read_keeps_its_last_reading(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    machine = Machine(folder)
    before = machine.read(dependency_up=True)
    folder.rmdir()
    after = machine.read(dependency_up=False)
    assert (after.dependency_up, after.memory_free) == (False, before.memory_free)
