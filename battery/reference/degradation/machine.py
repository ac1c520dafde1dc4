"""What the machine has left."""

import shutil
from pathlib import Path

import msgspec
import psutil

from battery.reference.degradation.score import Signals

# Of each reading of the CPU, so much counts: half a second of work is no shortage, some seconds are.
CPU_WEIGHT = 0.3


class Machine:
    """Reads memory, CPU and disk; keeps the last reading of what cannot be read for the moment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last = Signals()
        psutil.cpu_percent()  # its first answer means nothing: it counts from the call before

    def read(self, *, dependency_up: bool) -> Signals:
        """The signals at this moment."""
        try:
            memory = psutil.virtual_memory()
            cpu_free = 1.0 - psutil.cpu_percent() / 100.0
            self._last = Signals(
                memory_free=memory.available / memory.total,
                cpu_free=CPU_WEIGHT * cpu_free + (1 - CPU_WEIGHT) * self._last.cpu_free,
                disk_free_bytes=shutil.disk_usage(self._folder).free,
                dependency_up=dependency_up,
            )
        except OSError:
            # No descriptor left to read with, or the folder is gone: other checks say so.
            self._last = msgspec.structs.replace(self._last, dependency_up=dependency_up)
        return self._last
