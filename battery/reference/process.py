"""What the operating system knows of this process."""

import time

import msgspec
import psutil


class ProcessFacts(msgspec.Struct, frozen=True):
    """One reading of the process."""

    pid: int
    uptime_seconds: float
    resident_bytes: int
    cpu_seconds: float
    threads: int
    descriptors: int


class OwnProcess:
    """Reads the process it runs in."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._started = time.monotonic()
        self.start_time_seconds: float = self._process.create_time()
        self._last = self._read()

    def read(self) -> ProcessFacts:
        """The facts at this moment."""
        try:
            self._last = self._read()
        except (OSError, psutil.Error):
            pass  # no descriptor is left to read with: the last facts are better than a failed scrape
        return self._last

    def _read(self) -> ProcessFacts:
        with self._process.oneshot():
            cpu = self._process.cpu_times()
            return ProcessFacts(
                pid=self._process.pid,
                uptime_seconds=round(time.monotonic() - self._started, 3),
                resident_bytes=self._process.memory_info().rss,
                cpu_seconds=cpu.user + cpu.system,
                threads=self._process.num_threads(),
                descriptors=self._process.num_fds(),
            )
