"""Whether processes have ended. One that nobody collects has too: in a container the first process may collect none."""

import time
from collections.abc import Iterable

import psutil


def all_end(processes: Iterable[psutil.Process], within: float) -> bool:
    """Whether all of them end within so many seconds."""
    everyone, until = list(processes), time.monotonic() + within
    assert everyone, "nobody to wait for: the test looked too late"
    while any(runs(process) for process in everyone):
        if time.monotonic() >= until:
            return False
        time.sleep(0.02)
    return True


def runs(process: psutil.Process) -> bool:
    """Whether it does anything still."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
