"""What kind of disk a folder lies on: one that is memory must not be filled as if it were none."""

from collections.abc import Iterable
from pathlib import Path

import psutil

_MEMORY = {"tmpfs", "ramfs"}


def lives_in_memory(folder: Path) -> bool:
    """Whether what is written in this folder takes memory."""
    mounts = ((disk.mountpoint, disk.fstype) for disk in psutil.disk_partitions(all=True))
    return kind_of(folder.resolve(), mounts) in _MEMORY


def kind_of(folder: Path, mounts: Iterable[tuple[str, str]]) -> str:
    """The file system type of a folder by the mounts of a system; empty when none of them holds it."""
    above = [(len(Path(point).parts), kind) for point, kind in mounts if folder.is_relative_to(point)]
    # The longest path counts, and of several mounts on one the last.
    return max(enumerate(above), key=lambda entry: (entry[1][0], entry[0]))[1][1] if above else ""
