"""battery worker: what the person beside it is told, from the first try to the last master."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from battery.cli.worker import Here
from battery.load.calibration import null_server
from battery.load.control.words import PROTOCOL, Told
from battery.load.fleet import Fleet, free_port
from battery.load.instrument import LoadRequest, run_profile
from battery.load.tally import Slice
from battery.model.definition import Definition
from battery.model.profile import Profile, Shape, Stage
from battery.model.target import Target
from tests.fakes.commands import Said, finished, run_here, start

Capsys = pytest.CaptureFixture[str]
OTHER_VERSION = Path(__file__).parents[1] / "assets/load/other_version.py"


class Enough(Exception):
    """A master that goes away in the middle of a profile."""


def a_profile(seconds: float) -> Profile:
    shape = Shape(warmup="500 ms", stages=(Stage(name="steady", duration=f"{seconds} s", rate="40/s"),))
    return Profile(id="P1", title="t", why="", model="open", smoke=shape, standard=shape, full=shape)


def served(
    folder: Path, *options: str, seconds: float = 1.0, on_slice: Callable[[Slice], None] = lambda _: None
) -> Said:
    """A worker's whole life beside a master that runs one profile."""
    port = free_port("127.0.0.1")
    at = ("--master", f"127.0.0.1:{port}", "--name", "far", "--wait", "60 s", "--once")
    with null_server() as url, start("worker", *at, *options, cwd=folder) as worker:
        request = LoadRequest(
            definition=Definition(target=Target(url=url)), profile=a_profile(seconds), intensity="smoke", seed=1, workers=1,
            limit_ms=1000.0,
        )  # fmt: skip
        try:
            with Fleet(0, port=port, remote=1) as fleet:
                run_profile(fleet, request, {}, on_slice)
        except Enough:
            pass  # as was wanted
        return finished(worker)


def test_every_step_of_a_workers_life_is_one_plain_line(tmp_path: Path) -> None:
    said = served(tmp_path)
    assert said.code == 0, said.err
    assert said.out == ""
    told = said.err.splitlines()
    begun, connects, accepted, job, steady, ended, gone, end = told
    assert begun.startswith("worker far, battery ")
    assert "waits for a master at 127.0.0.1:" in begun
    assert connects.startswith("connects to 127.0.0.1:")
    assert accepted.startswith(f"accepted by a master that speaks {PROTOCOL}/")
    assert "to run battery.load.generator; this clock is " in accepted
    assert job.startswith("profile P1 begins against 127.0.0.1:")
    assert job.endswith("here all of the load: warm-up 0.5 s at 40/s, steady 1 s at 40/s")
    assert steady == "profile P1: steady 1 s at 40/s"
    assert ended.startswith("profile P1 ended: ")
    assert (gone, end) == ("the master has gone", "ends, as --once says")
    assert "\x1b" not in said.err


def test_with_json_it_is_quiet_and_tells_at_the_end_what_it_did(tmp_path: Path) -> None:
    said = served(tmp_path, "--json")
    assert said.err == ""
    assert said.json == {"worker": "far", "masters": 1, "jobs": 1, "exit": 0}


def test_a_master_that_goes_in_the_middle_of_a_job_is_told_with_what_is_lost(tmp_path: Path) -> None:
    def leave(second: Slice) -> None:
        raise Enough

    said = served(tmp_path, seconds=60.0, on_slice=leave)
    assert said.code == 0
    assert "the master has gone in the middle of profile P1, which is lost" in said.err.splitlines()


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_master_of_another_version_ends_it_with_both_versions(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    port = free_port("127.0.0.1")
    command = [sys.executable, str(OTHER_VERSION), "master", "--port", str(port)]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as master,
        start("worker", "--master", f"127.0.0.1:{port}", "--wait", "60 s", *options, cwd=tmp_path) as worker,
    ):
        said = finished(worker)
        assert master.stdin is not None
        master.stdin.close()
    assert said.code == 64
    assert f"battery worker: the master speaks {PROTOCOL}/0.0.1, this worker {PROTOCOL}/" in said.last
    assert said.last.endswith("install the same battery on both")
    if options:
        assert said.err.count("\n") == 1
        assert json.loads(said.out)["exit"] == 64


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_where_no_master_comes_it_says_where_it_looked(capsys: Capsys, options: tuple[str, ...]) -> None:
    at = f"127.0.0.1:{free_port('127.0.0.1')}"
    said = run_here(capsys, "worker", "--master", at, "--wait", "10 ms", *options)
    assert said.code == 2
    assert (
        said.last
        == f"battery worker: no master answered at {at} in 0.01 s; is `battery load --master` running?"
    )
    if options:
        assert said.err.count("\n") == 1
        assert said.json["exit"] == 2


def test_the_same_line_is_not_told_at_every_try(capsys: Capsys) -> None:
    here = Here(quiet=False)
    for _ in range(3):
        here.take(Told(what="problem", text="something listens at h:1 and is no master"))
    assert capsys.readouterr().err == "something listens at h:1 and is no master\n"


def test_a_masters_words_command_no_terminal(capsys: Capsys) -> None:
    Here(quiet=False).take(Told(what="news", text="accepted by \x1b[2Jme"))
    assert "\x1b" not in capsys.readouterr().err
