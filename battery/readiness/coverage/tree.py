"""A source tree as it lies on disk, looked at once."""

import os
import stat
from collections import defaultdict
from functools import cached_property
from pathlib import Path

from battery.model.frozen import Frozen

_PRUNED = {"node_modules", "site-packages", "__pycache__"}


class SourceFile(Frozen, frozen=True, kw_only=True):
    """What freshness needs to know of a file."""

    modified: float
    size: int


class SourceTree(Frozen, frozen=True, kw_only=True, dict=True):
    """The regular files under a root by relative path, without hidden, installed and linked ones."""

    root: Path
    files: dict[str, SourceFile]
    unreadable: tuple[str, ...] = ()

    def find(self, path: str) -> str | None:
        """The file that a path means, relative or absolute, through links or not; None when outside."""
        if path in self.files:
            return path
        try:
            real = Path(os.path.realpath(self.root / path))
        except (OSError, ValueError):  # a name that no file system takes
            return None
        if not real.is_relative_to(self.root):
            return None
        inside = real.relative_to(self.root).as_posix()
        return inside if inside in self.files else None

    def ending(self, path: str) -> list[str]:
        """The files whose path ends with this one."""
        named = self._by_name.get(path.rpartition("/")[2], [])
        return [file for file in named if file == path or file.endswith(f"/{path}")]

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for file in self.files:
            found[file.rpartition("/")[2]].append(file)
        return found


def look_at(root: Path) -> SourceTree:
    """The tree under `root`. Linked folders are not entered, so a loop of links ends."""
    real = Path(os.path.realpath(root))
    files: dict[str, SourceFile] = {}
    unreadable: list[str] = []
    for folder, folders, names in os.walk(real, onerror=lambda error: unreadable.append(str(error.filename))):
        if "pyvenv.cfg" in names and Path(folder) != real:  # a virtual environment, whatever its name
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _PRUNED]
        for path in (Path(folder, name) for name in names if not name.startswith(".")):
            try:
                seen = path.lstat()
            except OSError:  # a folder that may be listed but not entered, or a file that went away
                unreadable.append(str(path))
                continue
            if stat.S_ISREG(seen.st_mode):
                inside = path.relative_to(real).as_posix()
                files[inside] = SourceFile(modified=seen.st_mtime, size=seen.st_size)
    return SourceTree(root=real, files=files, unreadable=tuple(sorted(unreadable)))
