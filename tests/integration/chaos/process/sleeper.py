"""A process that does nothing, to be stopped, starved and ended; started by the tests, so theirs to touch."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from battery.chaos.process.given import GivenProcess
from battery.chaos.process.identity import identify

FAMILY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""


@contextmanager
def sleeper() -> Iterator[GivenProcess]:
    """One process."""
    process = subprocess.Popen(["sleep", "600"], start_new_session=True)
    try:
        yield GivenProcess(identity=identify(process.pid), given="started by a test")
    finally:
        process.kill()
        process.wait()


@contextmanager
def family_of_two() -> Iterator[tuple[GivenProcess, int]]:
    """A process and the id of its child, in a session of their own."""
    process = subprocess.Popen(
        [sys.executable, "-c", FAMILY], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout
    child = int(process.stdout.readline())
    own = identify(child)
    try:
        yield GivenProcess(identity=identify(process.pid), given="started by a test"), child
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        if own is not None:
            kill_if_alive(own.pid, own.create_time)


def kill_if_alive(pid: int, create_time: float) -> None:
    """End a grandchild that nobody waits for."""
    import signal

    from battery.chaos.process.identity import ProcessIdentity, send

    send(ProcessIdentity(pid=pid, create_time=create_time), signal.SIGKILL)
