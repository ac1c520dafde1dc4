"""The restart fault: the user's own command, which is never ended half-way."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from battery.chaos.faults.interface import FaultFailed
from battery.chaos.faults.restart_command import RestartCommand
from battery.chaos.process.identity import identify, is_alive
from battery.chaos.process.pid_file import named_by_pid_file
from tests.integration.chaos.process.sleeper import sleeper
from tests.integration.chaos.process.waiting import wait_until


def test_a_restart_is_proven_by_another_process(tmp_path: Path) -> None:
    file = tmp_path / "app.pid"
    with sleeper() as first, sleeper() as second:
        file.write_text(str(first.one.pid))
        command = ["sh", "-c", f"echo restarting; echo {second.one.pid} > {file}"]
        fault = RestartCommand(command, find=lambda: named_by_pid_file(file))
        fault.inject()
        effect = fault.prove()
        assert effect.seen
        assert effect.meter.endswith(f"process {first.one.pid} became process {second.one.pid}")
        assert (fault.exit_code, fault.output) == (0, "restarting")
        fault.remove()


def test_a_restart_that_changed_nothing_is_not_seen(tmp_path: Path) -> None:
    with sleeper() as process:
        fault = RestartCommand(["true"], find=lambda: process, patience=0.1)
        fault.inject()
        assert f"the target is still process {process.one.pid}" in fault.prove().meter
        assert not fault.prove().seen


def test_a_restart_that_nobody_can_see_is_not_seen(tmp_path: Path) -> None:
    blind = RestartCommand(["true"])
    blind.inject()
    assert "name its [process] pid_file" in blind.prove().meter
    lost = RestartCommand(["true"], find=lambda: named_by_pid_file(tmp_path / "none"))
    lost.inject()
    assert not lost.prove().seen


def test_a_restart_that_fails_is_told_with_the_end_of_its_output() -> None:
    fault = RestartCommand(["sh", "-c", "for i in 1 2 3 4 5 6 7; do echo line $i; done; exit 4"])
    fault.inject()
    effect = fault.prove()
    assert not effect.seen
    assert "ended with exit code 4" in effect.meter
    assert effect.meter.endswith("line 3 | line 4 | line 5 | line 6 | line 7")


def test_what_the_command_prints_is_told_without_secrets(tmp_path: Path) -> None:
    secrets = ("hunter2hunter2", "-----BEGIN\nfirst-line\nsecond-line")
    printed = tmp_path / "printed"
    # A secret across the beginning of what is shown, one as it stands, and one of several lines.
    begin = "x" * 5000 + "hunter2hunter2" + "y" * 4033
    printed.write_text(f"{begin}\nlogin hunter2hunter2\n-----BEGIN\nfirst-line\nsecond-line\n")
    fault = RestartCommand(["sh", "-c", f"cat {printed}; exit 1"], secrets=secrets)
    fault.inject()
    assert fault.output.endswith("login [redacted] | [redacted]")
    for told in (fault.output, fault.prove().meter):
        assert not any(part in told for part in ("hunter2", "ter2", "first-line", "second-line", "BEGIN"))


def test_a_secret_that_a_failing_restart_prints_is_not_in_its_failure() -> None:
    fault = RestartCommand(
        ["sh", "-c", "echo hunter2hunter2; exec sleep 600"], limit=0.5, secrets=("hunter2hunter2",)
    )
    with pytest.raises(FaultFailed) as caught:
        fault.inject()
    assert str(caught.value).endswith(": [redacted]")
    assert fault._process is not None
    fault._process.kill()
    fault._process.wait()
    fault.remove()


def test_a_restart_that_takes_too_long_is_let_run_on_and_told(tmp_path: Path) -> None:
    slow = f"trap 'touch {tmp_path}/hurt' TERM INT HUP; read -r line < {tmp_path}/door; touch {tmp_path}/up"
    os.mkfifo(tmp_path / "door")
    fault = RestartCommand(["sh", "-c", slow], limit=2)
    opening = threading.Timer(2.3, lambda: (tmp_path / "door").write_text("go on\n"))
    opening.start()
    with pytest.raises(FaultFailed, match=r"within 2 s; it was let run on, and ended with exit code 0 after"):
        fault.inject()
    opening.join()
    assert [(tmp_path / name).exists() for name in ("up", "hurt")] == [True, False]
    assert not fault.prove().seen
    fault.remove()


def test_a_restart_without_an_end_is_left_to_itself_and_told() -> None:
    fault = RestartCommand(["sh", "-c", "echo waiting; exec sleep 600"], limit=0.5)
    words = r"did not end within 0\.5 s; process \d+ still runs and was left to run on: see to it .*: waiting"
    with pytest.raises(FaultFailed, match=words):
        fault.inject()
    assert not fault.prove().seen
    with pytest.raises(FaultFailed, match="still runs and was left to run on"):
        fault.remove()
    assert fault._process is not None
    fault._process.kill()
    fault._process.wait()
    fault.remove()


INTERRUPTED = """
import sys
from battery.chaos.faults.restart_command import RestartCommand
from battery.chaos.undo.stack import UndoStack
from pathlib import Path
fault = RestartCommand(["sh", "-c", f"echo 1; touch {sys.argv[1]}/begun; read -r line < {sys.argv[1]}/door; touch {sys.argv[1]}/up"])
try:
    with UndoStack(Path(sys.argv[1]) / "undo") as stack:
        stack.inject(fault)
except KeyboardInterrupt:
    print("interrupted", (Path(sys.argv[1]) / "up").exists())
"""


def test_an_interrupt_lets_the_restart_come_to_its_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "door")
    battery = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert battery.stdout
    wait_until((tmp_path / "begun").exists, "the command runs")
    battery.send_signal(signal.SIGINT)
    (tmp_path / "door").write_text("go on\n")
    assert battery.wait(60) == 0
    assert battery.stdout.read() == "interrupted True\n"
    battery.stdout.close()


def test_a_restart_of_a_process_that_does_not_serve_is_not_seen() -> None:
    with sleeper() as process:
        doubted = msgspec.structs.replace(process, doubt="it does not listen at port 80")
        fault = RestartCommand(["true"], find=lambda: doubted, patience=0.1)
        fault.inject()
        effect = fault.prove()
    assert not effect.seen
    assert effect.meter.endswith("is not known: it does not listen at port 80")


def test_a_restart_command_that_is_not_there_is_told() -> None:
    with pytest.raises(FaultFailed, match="`no-such-command` cannot be started: No such file"):
        RestartCommand(["no-such-command"]).inject()


def test_a_service_in_the_background_does_not_hold_the_restart_up(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    fault = RestartCommand(["sh", "-c", f"sleep 600 & echo $! > {file}"], limit=60)
    fault.inject()
    service = identify(int(file.read_text()))
    assert fault.exit_code == 0
    assert service is not None
    assert is_alive(service)
    os.kill(service.pid, signal.SIGKILL)
