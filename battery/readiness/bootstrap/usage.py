"""Peak memory and disk of a sandbox, sampled while it runs."""

import os
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from battery.model.frozen import Frozen
from battery.readiness.bootstrap.process_tree import TreeRoot, members

_MEMORY_EVERY = 0.5
# A look at a large tree costs more than the sample is worth: at most a tenth of the time goes into looking.
_DISK_SHARE = 10.0


class Peaks(Frozen, frozen=True, kw_only=True):
    """The largest sums that were seen, in bytes, and how often somebody looked."""

    memory: int
    disk: int
    samples: int


class UsageSampler:
    """A thread that looks at the processes of a sandbox and at its folders until it is stopped."""

    def __init__(self, root: TreeRoot, folders: tuple[Path, ...]) -> None:
        self._root, self._folders = root, folders
        self._memory = self._disk = self._samples = 0
        self._next_disk = 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="usage", daemon=True)
        self._thread.start()

    def stop(self) -> Peaks:
        """Look at the disk once more, and tell the peaks."""
        self._stopped.set()
        self._thread.join()
        self._disk = max(self._disk, folder_bytes(self._folders))
        return Peaks(memory=self._memory, disk=self._disk, samples=self._samples)

    def _run(self) -> None:
        while True:
            self._memory = max(self._memory, sum(_memory(one) for one in members(self._root)))
            self._samples += 1
            began = time.monotonic()
            if began >= self._next_disk:
                self._disk = max(self._disk, folder_bytes(self._folders))
                cost = time.monotonic() - began
                self._next_disk = began + max(1.0, cost * _DISK_SHARE)
            if self._stopped.wait(_MEMORY_EVERY):
                return


def folder_bytes(folders: tuple[Path, ...]) -> int:
    """What the files below some folders take on the disk, links not followed, hard links once."""
    total, seen = 0, set()
    for root in folders:
        for folder, _, names in os.walk(root):
            for name in names:
                try:
                    found = os.lstat(os.path.join(folder, name))  # noqa: PTH118 -- a Path a file would take longer than the look
                except OSError:
                    continue  # it went away meanwhile
                if (found.st_dev, found.st_ino) not in seen:
                    seen.add((found.st_dev, found.st_ino))
                    total += found.st_blocks * 512
    return total


def _memory(process: Any) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
