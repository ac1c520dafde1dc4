"""What another user's processes and folders say to a battery without rights."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
