"""Master, workers and generators as real processes: what happens when one of them dies, lies or is stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import psutil
import pytest

from battery.load.control.words import PROTOCOL
from battery.load.fleet import Fleet, FleetFailed, free_port
from battery.load.instrument import LoadRequest, LoadResult, run_profile
from battery.load.tally import Slice
from battery.model.definition import Definition
from battery.model.evidence import Proof
from battery.model.profile import Profile, Shape, Stage
from battery.model.target import Endpoint, Target
from tests.fakes.ended import all_end
from tests.integration.load.driving import Server

OTHER_VERSION = Path(__file__).parents[2] / "assets/load/other_version.py"


def request(port: int, seconds: float, model: Literal["open", "closed"] = "open") -> LoadRequest:
    load = {"rate": "200/s"} if model == "open" else {"users": 4}
    shape = Shape(stages=(Stage(name="steady", duration=f"{seconds} s", **load),))
    profile = Profile(
        id="PX", title="", why="", model=model, arrivals="constant", smoke=shape, standard=shape, full=shape
    )
    definition = Definition(
        target=Target(url=f"http://127.0.0.1:{port}"), endpoint=(Endpoint(name="a", path="/"),)
    )
    return LoadRequest(
        definition=definition, profile=profile, intensity="smoke", seed=1, workers=2, limit_ms=1000.0
    )


def run(
    fleet: Fleet, port: int, seconds: float, on_slice: Callable[[Slice], None] = lambda _: None
) -> LoadResult:
    return run_profile(fleet, request(port, seconds), {}, on_slice)


def proof(result: LoadResult, name: str) -> Proof:
    return next(proof for proof in result.proofs if proof.name == name)


def family(fleet: Fleet) -> list[psutil.Process]:
    """All processes of the fleet, generators too."""
    own = [psutil.Process(pid) for pid in fleet.pids().values()]
    return own + [child for process in own for child in process.children(recursive=True)]


def test_two_workers_share_one_load_and_leave_no_process_behind(quick: Server) -> None:
    slices: list[Slice] = []
    with Fleet(2) as fleet:
        result = run(fleet, quick.port, 1.5, slices.append)
        again = run_profile(fleet, request(quick.port, 0.5, "closed"), {}, lambda _: None)
        processes = family(fleet)
    assert all_end(processes, 5)
    assert fleet.workers == ("w0", "w1")
    for worker in fleet.workers:
        assert result.tally.ledger(worker).planned == 150
    assert result.tally.ledger().ok == 300
    assert proof(result, "every worker finished").detail == "2 workers"
    assert proof(result, "the ledger adds up").ok
    assert sum(second.sent for second in slices) == 300
    assert again.tally.ledger().ok == again.tally.ledger().planned > 0
    assert len(quick.truth()["took"]) == 300 + again.tally.ledger().ok


# What a generator does between its last word and its end is up to its interpreter.
LINGERING = """
import atexit, sys, time
if "battery.load.generator" in sys.orig_argv:
    atexit.register(time.sleep, 3)
"""


def test_a_generator_that_lingers_after_its_last_word_spoils_no_run_after_it(
    quick: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(LINGERING)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    with Fleet(2) as fleet:
        runs = [run(fleet, quick.port, 0.5) for _ in range(3)]
    for result in runs:
        assert proof(result, "every worker finished").ok, proof(result, "every worker finished").detail
        assert result.tally.ledger().ok == 100


def test_a_killed_worker_makes_the_run_invalid_and_is_named_and_stays_lost(quick: Server) -> None:
    with Fleet(2) as fleet:
        victim = fleet.pids()["w1"]

        def kill(second: Slice) -> None:
            if second.second == 0:
                os.kill(victim, signal.SIGKILL)

        processes = family(fleet)
        result = run(fleet, quick.port, 2.0, kill)
        found = proof(result, "every worker finished")
        assert not found.ok
        assert found.detail == "lost w1: its process ended with -9"
        assert result.tally.ledger("w0").ok == 200, "the other one went on"
        again = run(fleet, quick.port, 0.3)
        assert proof(again, "every worker finished").detail == "lost w1: its process ended with -9"
    assert all_end(processes, 5)


def test_a_killed_generator_is_told_by_its_worker(quick: Server) -> None:
    with Fleet(1) as fleet:

        def kill(second: Slice) -> None:
            for child in psutil.Process(fleet.pids()["w0"]).children():
                child.kill()

        result = run(fleet, quick.port, 3.0, kill)
    assert proof(result, "every worker finished").detail == "lost w0: its generator ended with -9"


def test_what_a_generator_complains_of_reaches_the_proof() -> None:
    with Fleet(1) as fleet:
        ask = request(80, 0.5)
        there = Target(url="http://no-such-host.invalid")
        nowhere = Definition(target=there, endpoint=ask.definition.endpoint)
        result = run_profile(
            fleet,
            LoadRequest(
                definition=nowhere,
                profile=ask.profile,
                intensity="smoke",
                seed=1,
                workers=1,
                limit_ms=1000.0,
            ),
            {},
            lambda _: None,
        )
    assert proof(result, "every worker finished").detail.startswith(
        "lost w0: cannot resolve no-such-host.invalid"
    )


def test_a_killed_master_fails_the_run_at_once_and_leaves_nothing(quick: Server) -> None:
    killed = []
    with Fleet(2) as fleet:
        processes = family(fleet)

        def kill(second: Slice) -> None:
            killed.append(time.monotonic())
            os.kill(fleet.pids()["master"], signal.SIGKILL)

        with pytest.raises(FleetFailed, match="the load master died during the run"):
            run(fleet, quick.port, 60.0, kill)
    assert time.monotonic() - killed[0] < 10
    assert all_end(processes, 5)


def test_a_run_that_is_called_off_ends_early_with_a_complete_ledger(quick: Server) -> None:
    with Fleet(2) as fleet:
        result = run(fleet, quick.port, 60.0, lambda second: fleet.stop_jobs())
    ledger = result.tally.ledger()
    assert result.tally.stopped == {"w0", "w1"}
    assert ledger.imbalance() == ""
    assert ledger.ok == ledger.planned < 4000
    assert proof(result, "every worker finished").ok


def test_no_child_outlives_a_parent_that_is_killed(quick: Server) -> None:
    script = f"""
import psutil
from tests.integration.load.test_fleet import family, run
from battery.load.fleet import Fleet
with Fleet(2) as fleet:
    run(fleet, {quick.port}, 60.0, lambda _: print(*(each.pid for each in family(fleet)), flush=True))
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        processes = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
        assert len(processes) >= 5
        parent.kill()
        # 2 s is the promise; the rest is for a machine that others use
        assert all_end(processes, 2 * 2)


def test_a_worker_of_another_version_is_refused_with_both_versions() -> None:
    port = free_port("127.0.0.1")
    command = [sys.executable, str(OTHER_VERSION), "worker", "--port", str(port), "--name", "old"]
    with (
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as worker,
        pytest.raises(FleetFailed, match=rf"a worker speaks {PROTOCOL}/0\.0\.1, this master {PROTOCOL}/"),
        Fleet(0, port=port, remote=1),
    ):
        pass
    assert worker.returncode == 64


def test_a_worker_says_why_a_master_of_another_version_refused_it() -> None:
    port = free_port("127.0.0.1")
    common = ["--port", str(port)]
    with (
        subprocess.Popen(
            [sys.executable, str(OTHER_VERSION), "master", *common],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        ) as master,
        subprocess.Popen(
            [sys.executable, "-m", "battery.load.control.worker", *common], stderr=subprocess.PIPE, text=True
        ) as worker,
    ):
        _, complaint = worker.communicate(timeout=30)
        assert master.stdin is not None
        master.stdin.close()
    assert worker.returncode == 64
    assert f"battery worker: the master speaks {PROTOCOL}/0.0.1, this worker {PROTOCOL}/" in complaint


def test_a_port_that_is_taken_is_said(quick: Server) -> None:
    with pytest.raises(FleetFailed, match="cannot"), Fleet(1, port=quick.port):
        pass
