"""battery chaos as a user runs it, on the reference target with its dependency, and on a target that is only a URL."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from battery.load.calibration import null_server
from battery.load.fleet import free_port
from battery.reference.demo import demo_definition_toml, demo_process_toml
from battery.reference.demo_dependency import ReferenceDependency
from tests.defects.driving import look
from tests.defects.planted import Planted
from tests.fakes.ended import all_end

COMMAND = [sys.executable, "-m", "battery", "chaos"]
SMOKE = ("chaos", "--intensity", "smoke", "--scenario")


def chaos(here: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*COMMAND, *options], cwd=here, capture_output=True, text=True, check=False, timeout=300
    )


def proven(said: str) -> bool:
    """Whether the instruments themselves kept their word; a crowded machine may make a prober late."""
    return "NOT PROVEN" not in said


def test_the_healthy_target_shrugs_off_a_lost_dependency_a_pause_and_a_restart() -> None:
    seen = look(Planted("", (*SMOKE, "dependency,pause,restart"), ()))
    assert seen.failed == ()
    assert "prices, network down: closed again: opened" in seen.said
    assert "writes were acknowledged" in seen.said
    assert (seen.code, seen.undecided) == (0, ()) if proven(seen.said) else seen.code == 2


@pytest.mark.parametrize(
    ("defect", "scenario", "rule"),
    [
        ("breaker_never_opens", "dependency", "chaos.breaker.defects"),
        ("doubled_writes", "restart", "chaos.writes.lost"),
        ("ready_lies", "database", "chaos.ready.lies"),
        ("shutdown_drops", "restart", "chaos.restart.dropped"),
    ],
)
def test_a_planted_defect_fails_the_rule_that_is_meant_for_it_and_no_other(
    defect: str, scenario: str, rule: str
) -> None:
    seen = look(Planted(defect, (*SMOKE, scenario), (rule,)))
    if proven(seen.said):
        assert seen.failed == (rule,), seen.said
        assert seen.code == 1
    assert set(seen.failed) <= {rule}


def test_a_target_that_is_only_a_url_says_for_each_scenario_what_is_missing(tmp_path: Path) -> None:
    with null_server() as url:
        done = chaos(tmp_path, url, "--scenario", "pause,disk,database", "--intensity", "smoke", "--json")
        rehearsed = chaos(tmp_path, url, "--dry-run", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["status"]) == (2, "undecided")
    assert "set [process] data" in done.stderr
    assert "name it ([process] pid_file)" in done.stderr
    plans = json.loads(rehearsed.stdout)
    assert rehearsed.returncode == 0
    assert plans["pause"][0].startswith("not tried: ")
    assert any("256 connections" in line for line in plans["stress"])


def test_the_list_tells_every_scenario_and_touches_nothing(tmp_path: Path) -> None:
    done = chaos(tmp_path, "--list", "--json")
    assert done.returncode == 0
    assert len(json.loads(done.stdout)) == 10
    assert not (tmp_path / "artifacts").exists()


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (
            ["http://127.0.0.1:1", "--scenario", "eruption"],
            "'eruption' is no scenario; choose from all, restart",
        ),
        (["--scenario", "pause"], "no target"),
        (["http://127.0.0.1:1", "--toxiproxy", "http://127.0.0.1:1", "--dry-run"], "127.0.0.1:1"),
    ],
)
def test_bad_usage_is_one_line(tmp_path: Path, options: list[str], problem: str) -> None:
    done = chaos(tmp_path, *options)
    assert done.returncode in (2, 64)
    assert problem in done.stderr.splitlines()[-1]


class Started:
    """A chaos run on the reference target that the battery itself started."""

    def __init__(self, here: Path, stack: ExitStack, scenario: str) -> None:
        dependency = stack.enter_context(ReferenceDependency(here))
        port = free_port("127.0.0.1")
        text = demo_definition_toml(f"http://127.0.0.1:{port}", here)
        (here / "battery.toml").write_text(text + demo_process_toml(port, here, dependency.address))
        self.here = here
        self.process = stack.enter_context(
            subprocess.Popen(
                [*COMMAND, "--scenario", scenario, "--intensity", "standard"],
                cwd=here,
                stderr=subprocess.PIPE,
                text=True,
                env={**os.environ, "CI": "true"},
            )
        )

    def wait_for(self, words: str) -> None:
        """Until every event of the run says so: the log on stderr tells only some of them."""
        events = self.here / "artifacts" / "latest" / "progress.jsonl"
        until = time.monotonic() + 120
        while not (events.exists() and words in events.read_text()):
            assert self.process.poll() is None, "the run has ended"
            assert time.monotonic() < until, f"never said {words!r}"
            time.sleep(0.05)

    def children(self) -> list[psutil.Process]:
        return list(psutil.Process(self.process.pid).children(recursive=True))


@pytest.mark.parametrize(
    ("scenario", "words"),
    [("pause", "pause: fault stands"), ("cpu", "fault stands")],
)
def test_a_battery_that_is_killed_in_the_middle_leaves_nothing_behind(
    tmp_path: Path, scenario: str, words: str
) -> None:
    with ExitStack() as stack:
        started = Started(tmp_path, stack, scenario)
        started.wait_for(words)
        family = started.children()
        started.process.kill()
        started.process.wait()
        # The target was the battery's own child: it ends with everything else that the battery started.
        assert all_end(family, 30)
        assert chaos(tmp_path, "--scenario", "pause", "--dry-run").returncode == 0
    assert not list((tmp_path / "artifacts" / "state" / "undo").glob("undo-*"))


def test_an_interrupted_run_puts_everything_back(tmp_path: Path) -> None:
    with ExitStack() as stack:
        started = Started(tmp_path, stack, "pause")
        started.wait_for("pause: fault stands")
        family = started.children()
        started.process.send_signal(signal.SIGINT)
        _, said = started.process.communicate(timeout=60)
        assert all_end(family, 30)
    assert started.process.returncode == 130
    assert "interrupted; everything was put back" in said
