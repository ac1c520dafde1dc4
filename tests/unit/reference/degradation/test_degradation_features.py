"""What is switched off at which level, and how that is told."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from battery.reference.app import build_app
from battery.reference.defects.degradation_never import StiffLadder
from battery.reference.degradation.crowding import Crowding
from battery.reference.degradation.ladder import CALM_READINGS, Ladder
from battery.reference.degradation.machine import Machine
from battery.reference.degradation.monitor import Monitor
from battery.reference.degradation.score import Signals
from battery.reference.dependency.link import own_link
from battery.reference.lifecycle import Lifecycle
from battery.reference.metrics.degradation import register_degradation
from battery.reference.metrics.registry import Registry
from battery.reference.shedding import Shedding
from battery.reference.store.database import Database

Call = Callable[..., httpx.Response]


class _Ample(Machine):
    """A machine with enough of everything."""

    def __init__(self) -> None:
        pass

    def read(self, *, dependency_up: bool) -> Signals:
        return Signals(dependency_up=dependency_up)


async def _nothing(*_: object) -> None: ...


@pytest.mark.parametrize(
    ("score", "there"), [(100, {"suggestions", "report"}), (60, {"report"}), (10, set[str]())]
)
def test_each_level_spares_what_it_can(score: float, there: set[str]) -> None:
    ladder = Ladder()
    ladder.update(score)
    assert {feature for feature in ladder.spared if ladder.has(feature)} == there


def test_only_requests_that_went_without_are_counted() -> None:
    ladder = Ladder(calm_readings=1)
    assert ladder.allows("suggestions")
    ladder.update(60)
    assert not ladder.allows("suggestions")
    ladder.update(100)
    assert ladder.allows("suggestions")
    assert ladder.spared == {"suggestions": 1, "report": 0}


def test_metrics_tell_level_features_and_what_each_component_costs(runner: asyncio.Runner) -> None:
    registry, ladder = Registry(), Ladder()
    register_degradation(registry, ladder, Shedding(_nothing), Lifecycle(restarts=2))
    monitor = Monitor(_Ample(), ladder, own_link(), crowding=Crowding(queue=lambda: 0.0))
    runner.run(monitor.look())
    ladder.allows("suggestions")
    assert {
        'degradation_level{level="reduced"} 1',
        'feature_available{feature="suggestions"} 0',
        'feature_available{feature="report"} 1',
        'feature_spared_total{feature="suggestions"} 1',
        'health_component_cost{component="queue"} 25',
        'health_component_cost{component="cpu"} 0',
        "health_score 75",
        "supervisor_restarts_total 2",
    } <= set(registry.render().splitlines())


def test_a_full_queue_lowers_the_level_and_an_empty_one_raises_it(runner: asyncio.Runner) -> None:
    free = [0.0, *[1.0] * CALM_READINGS]
    ladder, crowding = Ladder(), Crowding(queue=lambda: free.pop(0))
    monitor = Monitor(_Ample(), ladder, own_link(), crowding=crowding)

    async def look() -> list[str]:
        levels: list[str] = []
        while free:
            await monitor.look()
            levels.append(ladder.level)
        return levels

    assert runner.run(look()) == ["reduced"] * CALM_READINGS + ["full"]


def test_the_lag_of_the_event_loop_is_measured(runner: asyncio.Runner) -> None:
    monitor = Monitor(_Ample(), Ladder(), own_link(), period=0.01)

    async def busy() -> float:
        looking = asyncio.create_task(monitor.run())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        until = asyncio.get_running_loop().time() + 0.1
        while asyncio.get_running_loop().time() < until:
            pass  # nobody else gets to run meanwhile
        while not monitor.lag_seconds:
            await asyncio.sleep(0)
        looking.cancel()
        await asyncio.wait({looking})
        return monitor.lag_seconds

    assert runner.run(busy()) > 0.05


def test_a_burst_between_two_looks_is_seen_by_the_second(runner: asyncio.Runner) -> None:
    async def burst() -> list[float]:
        gate = asyncio.Event()

        async def app(*_: object) -> None:
            await gate.wait()

        shedding = Shedding(app, limit=4)
        scope = {"type": "http", "path": "/api/echo"}
        requests = [asyncio.create_task(shedding(scope, _never, _nothing)) for _ in range(3)]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*requests)
        return [shedding.least_free(), shedding.least_free()]

    assert runner.run(burst()) == [0.25, 1.0]


async def _never() -> dict[str, object]:
    return {"type": "http.disconnect"}


def test_a_ladder_that_never_moves_is_the_planted_defect() -> None:
    ladder = StiffLadder()
    assert ladder.update(0) == "full"
    assert (ladder.score, ladder.has("suggestions"), ladder.changes) == (0, True, 0)


def test_the_status_names_the_components_and_the_features(call: Call) -> None:
    state = call("GET", "/api/health/status").json()["state"]
    assert (state["level"], state["features"]) == ("full", {"suggestions": "on", "report": "on"})


def test_a_hidden_restart_count_is_told_nowhere(database: Database, runner: asyncio.Runner) -> None:
    def told(defects: set[str]) -> tuple[object, object, bool]:
        app = build_app(database, lifecycle=Lifecycle(restarts=3), defects=defects)

        async def ask() -> tuple[object, object, bool]:
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
                details = (await client.get("/api/health/details")).json()
                metrics = (await client.get("/metrics")).text
                return (
                    details["restarts"],
                    details["state"]["restarts"],
                    "supervisor_restarts_total 3\n" in metrics,
                )

        return runner.run(ask())

    assert told(set()) == (3, 3, True)
    assert told({"restart_count_hidden"}) == (None, None, False)


def test_what_the_machine_has_is_known_before_the_first_look(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert machine.memory.total_bytes >= machine.memory.available_bytes > 0
    assert machine.disk.total_bytes >= machine.disk.free_bytes > 0


def test_a_folder_that_never_was_is_not_taken_for_a_full_disk(tmp_path: Path) -> None:
    signals = Machine(tmp_path / "nowhere").read(dependency_up=True)
    assert signals.disk_free_bytes == float("inf")
