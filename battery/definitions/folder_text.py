"""The text in a folder, read with bounds: no pipe is waited for, no link to a folder followed."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

_SOURCES = {".py", ".js", ".mjs", ".ts", ".go", ".java", ".kt", ".rs", ".rb"}
_SKIPPED = {"node_modules", "venv", "target", "build", "dist", "vendor", "__pycache__", "tests", "test"}
_MOST_FILES, _MOST_FOLDERS, _MOST_BYTES = 2000, 5000, 512 * 1024


def source_files(folder: Path) -> Iterator[Path]:
    """The source files below the folder, tests and what others wrote left out; at most a few thousand."""
    files_left, folders_left = _MOST_FILES, _MOST_FOLDERS
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
        folders_left -= 1
        for name in sorted(files):
            if Path(name).suffix in _SOURCES:
                files_left -= 1
                yield Path(place) / name
            if not files_left:
                return
        if not folders_left:
            return


def text_of(path: Path) -> str:
    """The beginning of the file's text; nothing where there is no readable plain file."""
    try:
        # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return ""
            return file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def has_file(path: Path) -> bool:
    """Whether a file stands there that we may look at."""
    return stat.S_ISREG(_kind(path))


def has_folder(path: Path) -> bool:
    """Whether a folder stands there that we may look at."""
    return stat.S_ISDIR(_kind(path))


def _kind(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        return 0
