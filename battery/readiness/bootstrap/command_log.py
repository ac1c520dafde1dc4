"""What a command writes: kept in a file up to a bound, each line with the second at which it came."""

import threading
import time
from collections import deque
from pathlib import Path
from typing import IO

from battery.readiness.bootstrap.timed_line import TimedLine

MOST_BYTES = 16 * 2**20
_MOST_LINE = 4096
_MOST_TIMED = 20_000
_TAIL = 20


class CommandLog:
    """Reads one pipe in a thread until it ends or the log is closed."""

    def __init__(self, path: Path, *, most_bytes: int = MOST_BYTES) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.cut = 0
        self._left = most_bytes
        self._lines: list[TimedLine] = []
        self._tail: deque[str] = deque(maxlen=_TAIL)
        self._lock = threading.Lock()
        self._file = path.open("ab", buffering=0)
        self._reader: threading.Thread | None = None

    def follow(self, pipe: IO[bytes], began: float) -> None:
        """Read what comes from now on."""
        self._reader = threading.Thread(
            target=self._read, args=(pipe, began), name="command log", daemon=True
        )
        self._reader.start()

    def lines(self) -> tuple[TimedLine, ...]:
        """The first lines with their times; of an endless log not all."""
        with self._lock:
            return tuple(self._lines)

    def tail(self) -> str:
        """The last lines in one: "a | b"."""
        with self._lock:
            return " | ".join(line for line in list(self._tail)[-5:] if line) or "it wrote nothing"

    def settle(self, patience: float = 1.0) -> None:
        """Give the reader a moment for what a command that ended has left in its pipe."""
        if self._reader:
            self._reader.join(patience)

    def close(self) -> None:
        """Settle, then close the file; what comes later is read and forgotten."""
        self.settle()
        with self._lock:
            self._file.close()

    def _read(self, pipe: IO[bytes], began: float) -> None:
        with pipe:
            while line := pipe.readline(_MOST_LINE):
                self._add(line, time.monotonic() - began)

    def _add(self, line: bytes, at: float) -> None:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        with self._lock:
            self._tail.append(text)
            if len(self._lines) < _MOST_TIMED:
                self._lines.append(TimedLine(at, text))
            if self._file.closed or len(line) > self._left:
                self.cut += len(line)
                return
            self._left -= len(line)
            try:
                self._file.write(line)
            except OSError:
                self.cut += len(line)  # a full disk is the command's own doing; it must not wait for its log
