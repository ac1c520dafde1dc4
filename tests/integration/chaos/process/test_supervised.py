"""A target that somebody else restarts."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from battery.chaos.process.door import Door, knows_sockets
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


@pytest.mark.parametrize("way", ["pid file", "child"])
def test_the_process_that_comes_after_a_kill_is_found_and_counted(
    way: str, supervisor: GivenProcess, pid_file: Path
) -> None:
    finds = {
        "pid file": lambda: named_by_pid_file(pid_file),
        "child": child_of(supervisor, None),
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


def test_a_supervisor_without_a_child_is_told() -> None:
    with sleeper() as process, pytest.raises(ProcessFailed, match="has no child at the moment"):
        child_of(process, None)()


# The first child serves nothing, as the resource tracker of uvicorn's workers; the others share one socket.
SEVERAL = """
import socket, subprocess, sys, time
helper = subprocess.Popen(["sleep", "600"])
server = socket.create_server(("127.0.0.1", 0))
code = "import sys; sys.stdin.read()"
workers = [
    subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, pass_fds=[server.fileno()])
    for _ in range(int(sys.argv[1]))
]
print(server.getsockname()[1], *(worker.pid for worker in workers), flush=True)
sys.stdin.read()
helper.kill()
for worker in workers:
    worker.stdin.close()
for process in (helper, *workers):
    process.wait()
"""


@pytest.mark.skipif(not knows_sockets(), reason="only Linux tells who listens where")
@pytest.mark.parametrize("workers", [0, 1, 2])
def test_the_child_that_serves_is_meant_and_not_the_oldest_one(workers: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SEVERAL, str(workers)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    port, *pids = map(int, process.stdout.readline().split())
    supervisor = GivenProcess(identity=identify(process.pid), given="started by a test")
    found = child_of(supervisor, Door(port=port))()
    blind = child_of(supervisor, None)()
    process.stdin.close()
    process.wait()
    process.stdout.close()
    if workers == 1:
        assert found.one.pid == pids[0]
        assert found.doubt == ""
        assert "as a child of process" in found.given
    elif workers == 2:
        assert "all listen at port" in found.doubt
        assert "leave [process] supervised away" in found.doubt
    else:
        assert f"does not listen at port {port}, process {process.pid}" in found.doubt
    assert bool(blind.doubt) == (workers > 0), "one child alone is the one that is meant"
