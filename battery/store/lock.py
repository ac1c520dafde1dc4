"""Locks: files that one process holds; the kernel lets go of them when it dies."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from battery.errors import StoreError


@contextlib.contextmanager
def locked(path: Path, *, wait: bool) -> Iterator[None]:
    """Hold a lock file.

    Raises: StoreError when it is held and `wait` is false, or cannot be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    except OSError as error:
        raise StoreError(f"{path}: cannot be opened: {error.strerror}") from error
    try:
        _take(descriptor, path, wait=wait)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path, *, wait: bool) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        problem = "another battery works on this run; wait for it, or stop it"
        raise StoreError(f"{path.parent}: {problem}") from None
    except OSError as error:
        raise StoreError(f"{path}: cannot be locked: {error.strerror}") from error
