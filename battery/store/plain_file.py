"""Plain files: what is read as evidence is neither a link, nor a pipe, nor a folder."""

import os
import stat
from pathlib import Path

from battery.errors import EvidenceCorrupt


def read_plain(path: Path) -> bytes:
    """The file's bytes.

    Raises: EvidenceCorrupt when it is absent, unreadable or not a plain file.
    """
    try:
        # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise EvidenceCorrupt(f"{path}: is not a plain file")
            return file.read()
    except OSError as error:
        if path.is_symlink() or path.is_dir():
            raise EvidenceCorrupt(f"{path}: is not a plain file") from error
        raise EvidenceCorrupt(f"{path}: cannot be read: {error.strerror}") from error


def plain_names(folder: Path) -> list[str]:
    """The names of the files in a folder, sorted; hidden ones are atomic writes that were cut off.

    Raises: EvidenceCorrupt when the folder is absent or is a link.
    """
    try:
        if folder.is_symlink():
            raise EvidenceCorrupt(f"{folder}: is a link, expected a folder")
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))  # noqa: PTH208 -- names
    except OSError as error:
        raise EvidenceCorrupt(f"{folder}: cannot be read: {error.strerror}") from error
