"""What the machine has left."""

import os
import shutil
from pathlib import Path

import msgspec
import psutil

from battery.reference.degradation.score import Signals

# Of each reading of the CPU, so much counts: half a second of work is no shortage, some seconds are.
CPU_WEIGHT = 0.3


class Cpu(msgspec.Struct, frozen=True):
    """The processors: how many, and how busy all of them together were between the last two looks."""

    count: int = os.cpu_count() or 1
    percent: float = 0.0


class Memory(msgspec.Struct, frozen=True):
    """The memory of the machine."""

    total_bytes: int = 0
    available_bytes: int = 0


class Disk(msgspec.Struct, frozen=True):
    """The file system of the data folder."""

    total_bytes: int = 0
    free_bytes: int = 0


class Machine:
    """Reads memory, CPU and disk; keeps the last reading of what cannot be read for the moment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last = Signals()
        self.cpu, self.memory, self.disk = Cpu(), Memory(), Disk()
        psutil.cpu_percent()  # its first answer means nothing: it counts from the call before
        self.look()

    def look(self) -> None:
        """Read memory and disk; a look at the CPU is the monitor's, for each begins a new count."""
        try:
            memory, disk = psutil.virtual_memory(), shutil.disk_usage(self._folder)
        except OSError:
            return  # no descriptor left to read with, or the folder is gone: other checks say so
        self.memory = Memory(memory.total, memory.available)
        self.disk = Disk(disk.total, disk.free)

    def read(self, *, dependency_up: bool) -> Signals:
        """The signals at this moment."""
        self.look()
        try:
            self.cpu = Cpu(percent=psutil.cpu_percent())
        except OSError:
            pass  # as above
        cpu_free = 1.0 - self.cpu.percent / 100.0
        memory, disk = self.memory, self.disk
        self._last = Signals(
            # What could never be read is not short for all that is known.
            memory_free=memory.available_bytes / memory.total_bytes if memory.total_bytes else 1.0,
            cpu_free=CPU_WEIGHT * cpu_free + (1 - CPU_WEIGHT) * self._last.cpu_free,
            disk_free_bytes=disk.free_bytes if disk.total_bytes else float("inf"),
            dependency_up=dependency_up,
        )
        return self._last
