"""What the scenarios may touch, and why they may not."""

import os
import sys
from pathlib import Path

import pytest

from battery.chaos.scenarios.catalogue import CATALOGUE
from battery.chaos.scenarios.in_flight import InFlight
from battery.chaos.scenarios.pace import pace_of
from battery.chaos.scenarios.world import World
from battery.load.requests import address, endpoints_of
from battery.model.definition import SCENARIOS, Definition
from battery.model.target import Dependency, Endpoint, Process, Target
from tests.fakes.targets import Answer, scripted_target

URL = "http://127.0.0.1:9"
DATABASE = Dependency(name="db", upstream="127.0.0.1:5432", kind="postgresql")
CACHE = Dependency(name="cache", upstream="127.0.0.1:6379", kind="redis")


def a_world(tmp_path: Path, url: str = URL, **given: object) -> World:
    target = Target(url=url, ready="/ready")
    return World(Definition(target=target, **given), tmp_path, tmp_path / "state", lambda text: None)  # type: ignore[arg-type]


def test_the_catalogue_has_every_scenario_that_battery_toml_may_name() -> None:
    assert set(CATALOGUE) == set(SCENARIOS)
    for scenario in CATALOGUE.values():
        assert scenario.title
        assert len(scenario.story) > 80


@pytest.mark.parametrize(
    ("scenario", "reason"),
    [
        ("restart", "let the battery start it ([process] command) or name it"),
        ("pause", "let the battery start it ([process] command) or name it"),
        ("descriptors", "let the battery start it ([process] command) or name it"),
        ("dependency", "names no [[dependency]] but databases"),
        ("database", "names no [[dependency]] of kind postgresql or sqlite"),
        ("disk", "set [process] data"),
        ("network", ""),
        ("memory", ""),
        ("cpu", ""),
        ("stress", ""),
    ],
)
def test_a_target_that_is_only_a_url_can_be_harmed_from_outside_only(
    tmp_path: Path, scenario: str, reason: str
) -> None:
    with a_world(tmp_path) as world:
        why = CATALOGUE[scenario].obstacle(world)
    assert bool(why) == bool(reason)
    assert reason in why


def test_a_target_elsewhere_cannot_be_pressed_from_here(tmp_path: Path) -> None:
    with a_world(tmp_path, "http://198.51.100.7") as world:
        for scenario in ("disk", "memory", "cpu"):
            assert "on another machine" in CATALOGUE[scenario].obstacle(world)


def test_a_dependency_that_the_target_does_not_reach_through_us_is_not_harmed(tmp_path: Path) -> None:
    with a_world(tmp_path, dependency=(DATABASE, CACHE)) as world:
        assert "does not reach cache through the battery" in CATALOGUE["dependency"].obstacle(world)
        assert "does not reach db through the battery" in CATALOGUE["database"].obstacle(world)


def test_whoever_started_the_battery_is_not_paused_and_an_absent_pid_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "app.pid").write_text(str(os.getpid()))
    with a_world(tmp_path, process=Process(pid_file="app.pid")) as world:
        assert "is the battery itself or started it" in CATALOGUE["pause"].obstacle(world)
    with a_world(tmp_path, process=Process(pid_file="gone.pid")) as world:
        assert "cannot be read" in CATALOGUE["restart"].obstacle(world)


def test_a_restart_command_is_enough_for_a_restart(tmp_path: Path) -> None:
    with a_world(tmp_path, process=Process(restart_command=("systemctl", "restart", "app"))) as world:
        scenario = CATALOGUE["restart"]
        assert scenario.obstacle(world) == ""
        assert scenario.plan(world, pace_of("smoke")) == [
            "runs `systemctl restart app`, which should end within 60 s, and never ends it half-way"
        ]


def test_what_would_be_done_is_told_with_numbers(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        told = {
            name: CATALOGUE[name].plan(world, pace_of("standard"))
            for name in ("network", "memory", "cpu", "stress")
        }
    assert len(told["network"]) == 8
    assert "latency (latency 300, jitter 50)" in told["network"][0]
    assert "4.00 GiB" in told["memory"][0]
    assert "256 connections" in told["stress"][0]


def test_a_command_is_started_with_its_dependencies_behind_proxies_and_ended(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "import os, sys, http.server\n"
        "open('env', 'w').write(os.environ['CACHE'])\n"
        "class H(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        self.send_response(200); self.send_header('Content-Length', '0'); self.end_headers()\n"
        "http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), H).serve_forever()\n"
    )
    with scripted_target({"/ready": [Answer()]}) as other:
        port = address(other.url).port
    process = Process(
        command=(sys.executable, "app.py", str(port)), env={"CACHE": "redis://{dependency.cache}/0"}
    )
    url = f"http://127.0.0.1:{port}"
    with a_world(tmp_path, url, process=process, dependency=(CACHE,)) as world:
        assert world.start_target().startswith("started by the battery: ")
        assert world.is_proxied(CACHE)
        assert world.given().identity is not None
        assert world.comes_back
        assert CATALOGUE["dependency"].obstacle(world) == ""
        before = world.given().one
        world.revive()
        assert world.given().one != before
    filled = (tmp_path / "env").read_text()
    assert filled.startswith("redis://127.0.0.1:")
    assert "6379" not in filled


def test_a_target_that_answers_already_is_left_as_it_is(tmp_path: Path) -> None:
    with (
        scripted_target({"/ready": [Answer()]}) as server,
        a_world(tmp_path, server.url, process=Process(command=("false",))) as world,
    ):
        assert "answers already" in world.start_target()
        assert world.process is None


def test_the_dsn_of_a_database_is_found_without_its_proxy(tmp_path: Path) -> None:
    process = Process(command=("app",), env={"DATABASE_URL": "postgresql://u@{dependency.db}/app", "A": "b"})
    with a_world(tmp_path, process=process, dependency=(DATABASE,)) as world:
        assert world.direct_dsn(DATABASE) == "postgresql://u@127.0.0.1:5432/app"
        assert world.direct_dsn(CACHE) == ""


def test_requests_in_flight_that_are_answered_are_not_dropped() -> None:
    with scripted_target({"/slow": [Answer()]}) as server:
        definition = Definition(
            target=Target(url=server.url), endpoint=(Endpoint(name="slow", path="/slow"),)
        )
        with InFlight(address(server.url), endpoints_of(definition, {})[0]) as load:
            load.begin()
            load.mark()
    dropped = load.dropped()
    assert dropped.number == 0
    assert dropped.words.startswith("0 of ")


def test_an_error_page_for_who_was_in_flight_is_a_dropped_request() -> None:
    with scripted_target({"/slow": [Answer(500, b"stopping")]}) as server:
        definition = Definition(
            target=Target(url=server.url), endpoint=(Endpoint(name="slow", path="/slow"),)
        )
        with InFlight(address(server.url), endpoints_of(definition, {})[0]) as load:
            load.begin()
            load.mark()
    dropped = load.dropped()
    assert dropped.number
    assert "(status)" in dropped.words


def test_nobody_in_flight_is_unknown_and_not_none_dropped() -> None:
    definition = Definition(target=Target(url=URL), endpoint=(Endpoint(name="x", path="/"),))
    with InFlight(address(URL), endpoints_of(definition, {})[0]) as load:
        load.begin()
        load.mark()
    assert load.dropped().number is None
    assert "too quick to tell" in load.dropped().words
