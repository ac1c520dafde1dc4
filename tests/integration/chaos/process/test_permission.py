"""What another user's processes and folders say to a battery without rights."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from battery.chaos.process.identity import identify
from tests.integration.chaos.process.sleeper import sleeper

# It becomes nobody only when all is imported: the interpreter may lie where nobody can read.
OBSTACLES = """
import os, sys
from pathlib import Path
from battery.chaos.faults.descriptors import DescriptorExhaustion
from battery.chaos.faults.disk import DiskPressure
from battery.chaos.faults.kill import Kill
from battery.chaos.faults.pause import Pause
from battery.chaos.process.given import GivenProcess
from battery.chaos.process.identity import identify
from battery.chaos.undo.performing import perform
from battery.chaos.undo.steps import ContinueProcess
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
identity = identify(int(sys.argv[1]))
process = GivenProcess(identity=identity, given="named by a test")
for fault in (Kill(process), Pause(process), DescriptorExhaustion(process), DiskPressure(Path(sys.argv[2]))):
    print(fault.obstacle())
print(perform(ContinueProcess(process=identity)).words)
try:
    fault = Kill(process)
    fault.inject()
except Exception as error:
    print(type(error).__name__, error)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_another_users_process_or_folder_is_an_obstacle_that_says_how_to_allow_it() -> None:
    with sleeper() as process:
        said = subprocess.run(
            [sys.executable, "-c", OBSTACLES, str(process.one.pid), "/"],
            cwd=Path(__file__).parents[4],
            capture_output=True,
            text=True,
            check=True,
        )
    kill, pause, descriptors, disk, undone, failed = said.stdout.splitlines()
    words = (
        "belongs to user root and the battery runs as user nobody: run the battery as user root or as root"
    )
    assert words in kill
    assert words in pause
    assert words in descriptors
    assert "is not writable for this user" in disk
    assert "could not be undone: ContinueProcess" in undone
    assert failed.startswith("FaultFailed kill: ")
    assert "cannot be sent SIGKILL" in failed


# The leader becomes nobody; one of its children stays root's, one is nobody's.
MIXED = """
import os, subprocess, time
theirs = subprocess.Popen(["sleep", "600"])
ours = subprocess.Popen(["sleep", "600"], user=65534)
print(theirs.pid, ours.pid, flush=True)
os.setuid(65534)
time.sleep(600)
"""
END = """
import os, sys
from battery.chaos.process.ending import end_family
from battery.chaos.process.identity import identify
from battery.chaos.undo.performing import perform
from battery.chaos.undo.steps import EndMarked, EndSession
leader = identify(int(sys.argv[1]))
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
if sys.argv[2] == "gently":
    print([member.pid for member in end_family(leader, 5.0).left])
else:
    print(perform(EndSession(leader=leader, what="the target")))
print(perform(EndMarked(mark="0" * 32, what="the target")).words)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("manner", ["gently", "by force"])
def test_one_process_that_may_not_be_signalled_keeps_nobody_else_alive_and_is_told(manner: str) -> None:
    leader = subprocess.Popen(
        [sys.executable, "-c", MIXED], start_new_session=True, stdout=subprocess.PIPE, text=True
    )
    assert leader.stdout
    theirs, ours = map(int, leader.stdout.readline().split())
    leader.stdout.close()
    try:
        said = subprocess.run(
            [sys.executable, "-c", END, str(leader.pid), manner],
            cwd=Path(__file__).parents[4],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert identify(theirs) is not None
        assert identify(ours) is None
        assert identify(leader.pid) is None
    finally:
        os.kill(theirs, 9)
        leader.wait()
    first, marked = said.splitlines()
    if manner == "gently":
        assert first == f"[{theirs}]"
    else:
        assert first.startswith("Outcome(done=False")
        assert f"process {theirs} (sleep) did not end on SIGKILL, or may not be ended by this user" in first
    assert "no process with its mark is seen (" in marked
    assert "no process was left" not in marked
