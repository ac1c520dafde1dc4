"""A journal on disk: locked by who works on it, appended in whole lines, synced before anything happens."""

import fcntl
import os
import time
from pathlib import Path

from battery.chaos.undo.records import Line, Reading, encode, read

PATTERN = "undo-*.jsonl"
_POLL_SECONDS = 0.05


class JournalFile:
    """An open journal; the lock goes with the process that holds it, however that ends."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self.path = path
        flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        self._fd = os.open(path, flags | (os.O_CREAT | os.O_EXCL if create else 0), 0o600)

    def lock(self, seconds: float) -> bool:
        """Take the lock, waiting so long; False when another holds it."""
        until = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    return False
                time.sleep(_POLL_SECONDS)
            else:
                return True

    def read(self) -> Reading:
        """What stands in it."""
        return read(self.path.read_bytes())

    def drop_torn_end(self) -> None:
        """Cut off a last line that was never finished, so that the next one starts on its own."""
        os.ftruncate(self._fd, self.read().whole)

    def append(self, *lines: Line) -> None:
        """Write lines and sync them; all of them or none.

        Raises: OSError when the disk does not take them.
        """
        before = os.fstat(self._fd).st_size
        data = b"".join(encode(line) for line in lines)
        try:
            written = os.write(self._fd, data)
            if written != len(data):
                raise OSError(f"only {written} of {len(data)} bytes were taken")
            os.fsync(self._fd)
        except OSError:
            os.ftruncate(self._fd, before)
            raise

    def sync_folder(self) -> None:
        """Sync the folder, so that the file's name is on disk too."""
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def remove(self) -> None:
        """Delete the file."""
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Give the lock back."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
