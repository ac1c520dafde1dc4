"""Atomic writes: all of a file or nothing, whatever happens in between."""

import contextlib
import os
import tempfile
from pathlib import Path

from battery.errors import StoreError


def write_atomically(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write all of the bytes or nothing: a temporary file, fsync, rename.

    Raises: StoreError when the disk is full or the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        _fill_and_rename(descriptor, Path(name), path, data, mode)
        _sync_folder(path.parent)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror or error}") from error


def _fill_and_rename(descriptor: int, temporary: Path, path: Path, data: bytes, mode: int) -> None:
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:  # Ctrl-C too leaves nothing behind
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    """A rename survives a power cut once its folder is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
