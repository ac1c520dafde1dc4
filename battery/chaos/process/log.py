"""The target's log: a bounded file and the last lines, read from its pipe."""

import threading
from collections import deque
from pathlib import Path
from typing import IO

_MOST_BYTES = 16 * 1024 * 1024
_TAIL_LINES = 200
_MOST_LINE = 4096


class Log:
    """Keeps what the target writes: all of it up to a bound, of more the newest part, in PATH and PATH.1.

    `lost` counts the lines that found no place on the disk.
    """

    def __init__(self, path: Path, *, most_bytes: int = _MOST_BYTES) -> None:
        self.path = path
        self._most = most_bytes
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self._lock = threading.Lock()
        self._readers: list[threading.Thread] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)
        self.lost = 0

    def follow(self, pipe: IO[bytes]) -> None:
        """Read a pipe to its end in a thread."""
        reader = threading.Thread(target=self._read, args=(pipe,), name="target log", daemon=True)
        self._readers.append(reader)
        reader.start()

    def tail(self, lines: int = 5) -> str:
        """The last lines in one: "a | b"; says so when there are none."""
        with self._lock:
            last = [line for line in list(self._tail)[-lines:] if line]
        return " | ".join(last) or "it wrote nothing"

    def settle(self, seconds: float = 0.2) -> None:
        """Give the readers a moment to read what a process that ended has left in its pipe."""
        for reader in self._readers:
            reader.join(seconds)
        self._readers = [reader for reader in self._readers if reader.is_alive()]

    def close(self) -> None:
        """Close the file; what a surviving grandchild writes later is read and forgotten."""
        self.settle()
        with self._lock:
            self._file.close()

    def _read(self, pipe: IO[bytes]) -> None:
        with pipe:
            while line := pipe.readline(_MOST_LINE):
                self._add(line)

    def _add(self, line: bytes) -> None:
        with self._lock:
            self._tail.append(line.decode("utf-8", "replace").rstrip())
            if self._file.closed:
                return
            try:
                self._keep(line)
            except OSError:
                self.lost += 1  # a full disk may be the very fault: the target must not wait for its log

    def _keep(self, line: bytes) -> None:
        self._file.write(line)
        if self._file.tell() >= self._most // 2:
            self.path.replace(self.path.with_name(f"{self.path.name}.1"))
            self._file.close()
            self._file = self.path.open("wb", buffering=0)
