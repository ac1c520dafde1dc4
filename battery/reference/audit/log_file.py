"""The log on disk: lines are appended and synced, then the head vouches for them."""

import fcntl
import os
import time
from collections import deque
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from battery.reference.audit.chain import sealed
from battery.reference.audit.event import Event
from battery.reference.audit.head import FILE as HEAD
from battery.reference.audit.head import write_head
from battery.reference.audit.recovery import recover
from battery.reference.audit.verification import FILE as LOG

LOCK = "audit.lock"
RECENT = 200
_RECENT_BYTES = 64 * 1024
# A service that is restarted may find its predecessor finishing its last requests.
_LOCK_SECONDS, _POLL_SECONDS = 6.0, 0.05


class AuditBusy(OSError):
    """Another process writes to the log."""


class LogFile:
    """Used by one thread at a time; one process holds it."""

    def __init__(self, folder: Path, key: bytes, *, lock_seconds: float = _LOCK_SECONDS) -> None:
        """Open it, and go on where it ends.

        Raises: OSError, AuditBusy.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.log, self.head, self.key = folder / LOG, folder / HEAD, key
        self.recent: deque[bytes] = deque(maxlen=RECENT)
        with ExitStack() as opened:
            self._lock = _locked(folder / LOCK, lock_seconds)
            opened.callback(os.close, self._lock)
            self.link, self.found = recover(self.log, self.head, key)
            self._descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            opened.callback(os.close, self._descriptor)
            self.recent.extend(_last_lines(self.log))
            self.vouch()
            self._opened = opened.pop_all()

    def append(self, events: Iterable[Event]) -> None:
        """Take events into the chain; all of them, or none when it fails.

        Raises: OSError.
        """
        link, lines = self.link, []
        for event in events:
            line, link = sealed(event, link, self.key)
            lines.append(line)
        try:
            # What an earlier failure has left behind would stand between the lines.
            os.ftruncate(self._descriptor, self.link.size)
            _write(self._descriptor, b"".join(lines))
            os.fsync(self._descriptor)
        except OSError:
            # Not vouched for, and cut off before the next line; a reader sees half a line at most.
            _cut(self._descriptor, self.link.size)
            raise
        self.link = link
        self.recent.extend(lines)

    def vouch(self) -> None:
        """Let the head say how far the log goes.

        Raises: OSError.
        """
        write_head(self.head, self.link, self.key)

    def close(self) -> None:
        """Leave it to the next."""
        self._opened.close()


def _locked(file: Path, seconds: float) -> int:
    deadline = time.monotonic() + seconds
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                raise AuditBusy(f"the audit log beside {file} is written by another process") from None
            time.sleep(_POLL_SECONDS)
        else:
            return descriptor


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _cut(descriptor: int, size: int) -> None:
    try:
        os.ftruncate(descriptor, size)
    except OSError:
        pass  # the disk is failing: it is cut before the next line is written


def _last_lines(file: Path) -> list[bytes]:
    with file.open("rb") as opened:
        size = opened.seek(0, os.SEEK_END)
        opened.seek(max(0, size - _RECENT_BYTES))
        lines = opened.read().splitlines(keepends=True)
    # The first is whole only where the file begins with it.
    return lines if size <= _RECENT_BYTES else lines[1:]
