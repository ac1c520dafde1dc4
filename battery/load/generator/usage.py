"""Usage: this process's share of a core, its memory, and the descriptors it may open."""

import os
import resource
import time
from time import perf_counter_ns
from typing import NamedTuple

_NS = 1_000_000_000
# A share measured over less would be noise: a shorter window is joined with the one before it.
_LEAST_WINDOW = 0.5


class TooFewDescriptors(Exception):
    """The system allows fewer open files than the job needs connections."""


class Share(NamedTuple):
    """Shares of a core: what this process had, and what it would have used had another one not been running."""

    cpu: float = 0.0
    starved: float = 0.0


class CpuMeter:
    """The share of one core that this process used since the last reading."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget all readings."""
        self._before = self._last = (perf_counter_ns(), time.process_time(), _waited())

    def read(self) -> Share:
        """The shares since the reading before."""
        mark = (perf_counter_ns(), time.process_time(), _waited())
        if mark[0] - self._last[0] < _LEAST_WINDOW * _NS:
            since = self._before
        else:
            since = self._before = self._last
        self._last = mark
        wall = max((mark[0] - since[0]) / _NS, 1e-9)
        return Share((mark[1] - since[1]) / wall, (mark[2] - since[2]) / wall)


def _waited() -> float:
    """Seconds in which this process was ready to run and had no core; 0 where the kernel does not tell."""
    try:
        with open("/proc/self/schedstat", "rb") as file:  # noqa: PTH123 -- once a second in the hot process
            return int(file.read().split()[1]) / _NS
    except (OSError, IndexError):
        return 0.0


def resident_bytes() -> int:
    """Resident memory, from the kernel where it tells."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 -- once a second in the hot process
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def raise_descriptor_limit(wanted: int) -> None:
    """Allow `wanted` open files.

    Raises: TooFewDescriptors when the system does not.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        if hard != resource.RLIM_INFINITY and hard < wanted:
            raise TooFewDescriptors(
                f"{wanted} open files are needed and the system allows {hard}; "
                "raise the limit (ulimit -Hn) or ask for fewer users or connections"
            )
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
