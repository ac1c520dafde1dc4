"""A file without a name: its space is given back as soon as nobody holds it open, however its holder ends."""

import errno
import os
import secrets
from pathlib import Path

from battery.chaos.undo.steps import OWN_FILE

_BLOCK = bytes(1024 * 1024)
# EISDIR: a kernel that does not know the flag at all sees a folder opened for writing.
_NO_UNNAMED = {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT}
_NO_ALLOCATE = {errno.EOPNOTSUPP, errno.EINVAL}


def own_name(folder: Path) -> Path:
    """A name that is ours, should the file system demand one."""
    return folder / f"{OWN_FILE}{secrets.token_hex(8)}"


def open_unnamed(folder: Path, path: Path, *, flag: int = getattr(os, "O_TMPFILE", 0)) -> int:
    """Open a file in the folder that has no name, or has `path` for no longer than it takes to delete that."""
    if flag:
        try:
            return os.open(folder, flag | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            if error.errno not in _NO_UNNAMED:
                raise
    opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        path.unlink()
    except OSError:
        os.close(opened)
        raise
    return opened


def take(file: int, size: int, start: int = 0, *, allocate: bool = hasattr(os, "posix_fallocate")) -> None:
    """Give the file further blocks from `start`, its end, by writing zeros where the system cannot just reserve them."""
    if allocate:
        try:
            os.posix_fallocate(file, start, size)
        except OSError as error:
            if error.errno not in _NO_ALLOCATE:
                raise
        else:
            return
    os.lseek(file, start, os.SEEK_SET)
    left = size
    while left > 0:
        left -= os.write(file, memoryview(_BLOCK)[: min(left, len(_BLOCK))])
