"""The target's process as the battery's child."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from battery.chaos.process.errors import ProcessFailed
from battery.chaos.process.identity import ProcessIdentity, identify, is_alive, send
from battery.chaos.process.launch import Launch
from battery.chaos.process.target_process import TargetProcess
from battery.chaos.undo.stack import UndoStack
from tests.integration.chaos.process.sleeper import sleeper
from tests.integration.chaos.process.waiting import wait_until

# Says where it is, in a file that the test waits for; ends politely on SIGTERM unless told to be stubborn.
TARGET = """
import os, pathlib, signal, subprocess, sys, time
folder, manner = pathlib.Path(sys.argv[1]), sys.argv[2]
if manner == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("hello from", os.environ["NAME"], flush=True)
(folder / "child").write_text(str(child.pid))
(folder / "ready").touch()
while True:
    time.sleep(0.05)
"""


def _order(folder: Path, manner: str = "polite") -> Launch:
    command = (sys.executable, "-c", TARGET, str(folder), manner)
    return Launch(command=command, env={"NAME": "the target"}, folder=folder)


def _ready(folder: Path) -> Callable[[], bool]:
    return (folder / "ready").exists


def _target(folder: Path, manner: str = "polite", **other: object) -> TargetProcess:
    settings: dict[str, object] = {"ready": _ready(folder), "log": folder / "target.log", "grace": 0.5}
    return TargetProcess(_order(folder, manner), **(settings | other))  # type: ignore[arg-type]


def _child(folder: Path) -> int:
    return int((folder / "child").read_text())


def test_it_runs_in_the_block_with_its_environment_and_ends_with_all_that_it_started(tmp_path: Path) -> None:
    with _target(tmp_path) as target:
        child = identify(_child(tmp_path))
        assert target.alive()
        assert child is not None
        assert target.given.given == "started by the battery"
        assert target.last_exit() == "has not ended"
        wait_until(lambda: target.log.tail() == "hello from the target", "its log is read")
    assert not is_alive(child)
    assert [end.code for end in target.exits] == [7]
    assert target.last_exit() == "ended with exit code 7"
    assert target.restarts == 0


def test_a_stubborn_one_is_killed_after_its_grace(tmp_path: Path) -> None:
    with _target(tmp_path, "stubborn") as target:
        pid = target.given.one.pid
        ending = target.stop()
        assert not ending.graceful
        assert pid in ending.killed
        assert ending.left == ()
        assert target.stop().graceful
    assert target.exits[-1].code == -signal.SIGKILL


def test_a_stopped_one_hears_that_it_shall_end(tmp_path: Path) -> None:
    with _target(tmp_path, grace=30) as target:
        send(target.given.one, signal.SIGSTOP)
    assert target.exits[-1].code == 7


def test_after_a_kill_it_is_started_again_and_what_was_left_of_it_is_ended(tmp_path: Path) -> None:
    with _target(tmp_path) as target:
        first, orphan = target.given.one, identify(_child(tmp_path))
        assert orphan is not None
        send(first, signal.SIGKILL)
        wait_until(lambda: not target.alive(), "its end is seen")
        (tmp_path / "ready").unlink()
        second = target.restart().one
        assert second != first
        assert not is_alive(orphan)
        assert (target.restarts, len(target.exits)) == (1, 1)
        assert str(target.exits[0]).startswith(f"process {first.pid} was ended by SIGKILL after ")


def test_a_running_one_is_not_started_twice(tmp_path: Path) -> None:
    with _target(tmp_path) as target, pytest.raises(ProcessFailed, match="runs already"):
        target.start()


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ((), r"gives no \[process\] command"),
        (("no-such-command-here",), '"no-such-command-here" cannot be started: no such command on PATH'),
        (("./none",), "no such file, or its interpreter is missing"),
        (("/",), "not executable for this user"),
    ],
)
def test_a_command_that_cannot_be_started_is_said(
    command: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    target = TargetProcess(Launch(command=command, folder=tmp_path), ready=lambda: True, log=tmp_path / "log")
    with pytest.raises(ProcessFailed, match=words), target:
        pytest.fail("started")


def test_a_file_that_is_no_program_is_said(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"\x00\x01 no program")
    (tmp_path / "text").chmod(0o755)
    target = TargetProcess(
        Launch(command=("./text",), folder=tmp_path), ready=lambda: True, log=tmp_path / "log"
    )
    with pytest.raises(ProcessFailed, match="Exec format error; mend"), target:
        pytest.fail("started")


def test_a_folder_that_is_not_there_is_not_blamed_on_the_command(tmp_path: Path) -> None:
    target = TargetProcess(
        Launch(command=("true",), folder=tmp_path / "none"), ready=lambda: True, log=tmp_path / "log"
    )
    with pytest.raises(ProcessFailed, match="there is no such folder"), target:
        pytest.fail("started")


def test_one_that_ends_at_once_is_told_with_its_last_lines(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "import sys; print('no database'); print('giving up'); sys.exit(3)")
    target = TargetProcess(
        Launch(command=command, folder=tmp_path), ready=lambda: False, log=tmp_path / "log", start_seconds=60
    )
    with (
        pytest.raises(ProcessFailed, match=r"ended with exit code 3 after .*: no database \| giving up"),
        target,
    ):
        pytest.fail("was ready")


def test_one_that_is_never_ready_is_told_and_ended(tmp_path: Path) -> None:
    target = _target(tmp_path, ready=lambda: False, start_seconds=0.2)
    with pytest.raises(ProcessFailed, match=r"was not ready within 0\.2 s"), target:
        pytest.fail("was ready")
    assert not target.alive()


def test_waiting_for_what_was_never_started_says_so(tmp_path: Path) -> None:
    target = _target(tmp_path)
    with pytest.raises(ProcessFailed, match="its process never was"):
        target.wait_ready(1)
    target.close()


def test_its_end_is_promised_before_it_begins_and_kept_when_it_ended(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with UndoStack(state) as stack:
        target = _target(tmp_path, promises=stack)
        target.start()
        (journal,) = state.iterdir()
        assert b'"undo":"end marked"' in journal.read_bytes()
        assert b'"undo":"end session"' in journal.read_bytes()
        assert journal.read_bytes().count(f'"mark":"{target._mark}"'.encode()) == 2
        target.stop()
        assert journal.read_bytes().count(b'"kept"') == 2
        (tmp_path / "ready").unlink()
        running = target.start().one
    assert not is_alive(running), "the stack ends what its block left"
    target.close()
    assert list(state.iterdir()) == []


# A child without the mark, which outlives its parent.
LEAVING = """
import pathlib, subprocess, sys, time
child = subprocess.Popen(["sleep", "600"], env={})
pathlib.Path("child").write_text(str(child.pid))
sys.stdin.read()
time.sleep(600)
"""


def test_what_a_target_left_that_crashed_long_ago_is_ended_and_no_stranger_that_has_its_number(
    tmp_path: Path,
) -> None:
    order = Launch(command=(sys.executable, "-c", LEAVING), folder=tmp_path)
    target = TargetProcess(order, ready=(tmp_path / "child").exists, log=tmp_path / "log")
    with target:
        wait_until(lambda: (tmp_path / "child").read_text() != "", "it says who its child is")
        orphan = identify(_child(tmp_path))
        assert orphan is not None
        send(target.given.one, signal.SIGKILL)
        wait_until(lambda: not target.alive(), "its end is seen")
        # Its number is nobody's by now: only who was seen to be its own is ended.
        assert target._orphans == (orphan,)
        with sleeper() as stranger:
            target._identity = ProcessIdentity(pid=stranger.one.pid, create_time=1.0)
            assert target.stop().left == ()
            assert is_alive(stranger.one)
    assert not is_alive(orphan)


def test_a_target_that_cannot_be_ended_is_told_when_the_world_is_put_back(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")

    with sleeper() as theirs:
        done = subprocess.run(
            [sys.executable, "-c", UNENDING, str(theirs.one.pid), str(tmp_path)],
            cwd=Path(__file__).parents[4],
            capture_output=True,
            text=True,
            check=True,
        )
    assert f"process {theirs.one.pid} (sleep) of the target's processes did not end" in done.stdout


UNENDING = """
import os, sys
from pathlib import Path
from battery.chaos.process.errors import ProcessFailed
from battery.chaos.process.identity import identify
from battery.chaos.process.launch import Launch
from battery.chaos.process.target_process import TargetProcess
theirs = identify(int(sys.argv[1]))
Path(sys.argv[2]).chmod(0o777)
target = TargetProcess(Launch(command=("true",), folder=Path("/")), ready=lambda: True, log=Path(sys.argv[2]) / "log")
target._identity, target._orphans = theirs, (theirs,)
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
try:
    target._stop_wholly()
except ProcessFailed as error:
    print(error)
"""
