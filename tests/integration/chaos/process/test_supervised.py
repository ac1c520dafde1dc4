"""A target that somebody else restarts."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from battery.chaos.process.errors import ProcessFailed
from battery.chaos.process.given import GivenProcess
from battery.chaos.process.identity import identify, send
from battery.chaos.process.pid_file import named_by_pid_file
from battery.chaos.process.supervised import Supervised, child_of
from tests.integration.chaos.process.sleeper import sleeper

# Restarts its one child for ever and writes its id; ends with its own standard input.
SUPERVISOR = """
import pathlib, subprocess, sys, threading, time
file, stop = pathlib.Path(sys.argv[1]), threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
child = None
while not stop.is_set():
    if child is None or child.poll() is not None:
        child = subprocess.Popen(["sleep", "600"])
        new = file.with_suffix(".new")
        new.write_text(str(child.pid))
        new.replace(file)
        print("up", flush=True)
    time.sleep(0.02)
child.kill()
child.wait()
"""


@pytest.fixture
def pid_file(tmp_path: Path) -> Path:
    return tmp_path / "app.pid"


@pytest.fixture
def supervisor(pid_file: Path) -> Iterator[GivenProcess]:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(pid_file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    process.stdout.readline()
    yield GivenProcess(identity=identify(process.pid), given="named by a test")
    process.stdin.close()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("way", ["pid file", "child", "named child"])
def test_the_process_that_comes_after_a_kill_is_found_and_counted(
    way: str, supervisor: GivenProcess, pid_file: Path
) -> None:
    finds = {
        "pid file": lambda: named_by_pid_file(pid_file),
        "child": child_of(supervisor),
        "named child": child_of(supervisor, "sleep"),
    }
    watched = Supervised(finds[way])
    first = watched.look()
    assert first is not None
    assert first.given
    send(first.one, signal.SIGKILL)
    second = watched.wait_for_another(first.one, 30)
    assert second.one.pid != first.one.pid
    assert watched.restarts == 1
    assert watched.look() == second
    assert watched.restarts == 1


def test_a_supervisor_that_does_nothing_is_told() -> None:
    with sleeper() as process:
        watched = Supervised(lambda: process)
        words = rf"no other process within 0\.1 s: process {process.one.pid} \(sleep\) is still the target's"
        with pytest.raises(ProcessFailed, match=words):
            watched.wait_for_another(process.one, 0.1)


def test_while_there_is_no_process_the_reason_is_told(tmp_path: Path) -> None:
    watched = Supervised(lambda: named_by_pid_file(tmp_path / "none.pid"))
    assert watched.look() is None
    here = identify(os.getpid())
    assert here is not None
    with pytest.raises(ProcessFailed, match="cannot be read"):
        watched.wait_for_another(here, 0)


@pytest.mark.parametrize(
    ("name", "words"), [("", "has no child at the moment"), ("nginx", "no child named nginx")]
)
def test_a_supervisor_without_the_child_is_told(name: str, words: str) -> None:
    with sleeper() as process, pytest.raises(ProcessFailed, match=words):
        child_of(process, name)()
