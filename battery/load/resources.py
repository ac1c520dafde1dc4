"""The target's own resources while it is under load: read from the process table, where the target is local."""

import contextlib
from pathlib import Path
from typing import Protocol

import psutil

from battery.load.gpu import GpuMeter, GpuUse
from battery.load.requests import Address
from battery.load.workers import is_local
from battery.model.frozen import Frozen
from battery.model.target import Process


class Usage(Frozen, frozen=True, kw_only=True):
    """One reading, its children included: CPU as a share of one core, memory in MiB; None where it cannot be seen."""

    second: int
    cpu: float
    rss: float
    descriptors: int | None = None
    threads: int | None = None
    gpus: tuple[GpuUse, ...] = ()


class Watch(Protocol):
    """Reads the target's resources, at most once a second."""

    def read(self, second: int) -> Usage | None:
        """A reading; None when there is none."""
        ...


class ProcessWatch:
    """Reads one process and its children, and this machine's GPUs where there are any."""

    def __init__(self, pid: int, gpus: GpuMeter | None = None) -> None:
        self.pid = pid
        self._gpus = gpus
        self._known: dict[int, psutil.Process] = {}

    def read(self, second: int) -> Usage | None:
        """A reading; None once the process is gone."""
        try:
            root = self._process(self.pid)
            family = [root, *(self._process(child.pid) for child in root.children(recursive=True))]
            self._known = {each.pid: each for each in family}
            gpus = self._gpus.read() if self._gpus else ()
            return _sum(second, family, gpus)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return None

    def _process(self, pid: int) -> psutil.Process:
        """The same object each time: cpu_percent counts from the call before."""
        if pid not in self._known:
            self._known[pid] = psutil.Process(pid)
        return self._known[pid]


def target_pid(process: Process | None, where: Address, base: Path) -> int | None:
    """The target's process: by its pid file, else by who listens on its port; None where it is not local or not found."""
    if process is not None and process.pid_file:
        with contextlib.suppress(OSError, ValueError):
            return int((base / process.pid_file).read_text().strip())
    if not is_local(where.host):
        return None
    with contextlib.suppress(psutil.AccessDenied):
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr.port == where.port
            if listens and connection.pid:
                return int(connection.pid)
    return None


def _sum(second: int, family: list[psutil.Process], gpus: tuple[GpuUse, ...]) -> Usage:
    cpu = rss = descriptors = threads = 0
    for process in family:
        with process.oneshot():
            cpu += process.cpu_percent()
            rss += process.memory_info().rss
            descriptors += process.num_fds()
            threads += process.num_threads()
    return Usage(
        second=second,
        cpu=cpu / 100,
        rss=rss / 2**20,
        descriptors=descriptors,
        threads=threads,
        gpus=gpus,
    )
