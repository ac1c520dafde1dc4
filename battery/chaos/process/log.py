"""The target's log: a bounded file and the last lines, read from its pipe; no secret is shown or left in it."""

import os
import stat
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from battery.chaos.process.masking import masking

_MOST_BYTES = 16 * 1024 * 1024
_TAIL_LINES = 200
_MOST_LINE = 4096


def begin_anew(path: Path) -> None:
    """Forget what earlier runs wrote there: other starts, of other builds perhaps."""
    for file in (path, _older(path)):
        file.unlink(missing_ok=True)


class Log:
    """Keeps what the target writes: all of it up to a bound, of more the newest part, in PATH and PATH.1.

    While the target runs the file holds what it wrote, for this user alone: scans look there for secrets. What is told
    is masked, and so is the file when it is closed. `lost` counts the lines that found no place on the disk.
    """

    def __init__(self, path: Path, *, most_bytes: int = _MOST_BYTES, secrets: Sequence[str] = ()) -> None:
        self.path = path
        self._most = most_bytes
        self._mask = masking(secrets)
        self._has_secrets = bool(secrets)
        self._tail: deque[bytes] = deque(maxlen=_TAIL_LINES)
        self._lock = threading.Lock()
        self._readers: list[threading.Thread] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        self.lost = 0
        self._mask_files()  # what a battery that was killed has left
        self._file = self._opened(os.O_APPEND)

    def follow(self, pipe: IO[bytes]) -> None:
        """Read a pipe to its end in a thread."""
        reader = threading.Thread(target=self._read, args=(pipe,), name="target log", daemon=True)
        self._readers.append(reader)
        reader.start()

    def tail(self, lines: int = 5) -> str:
        """The last lines in one, without secrets: "a | b"; says so when there are none."""
        with self._lock:
            # All lines together: a line that was cut may have a secret on both sides of the cut.
            told = self._mask(b"".join(self._tail)).decode("utf-8", "replace").removesuffix("\n")
        last = [line.rstrip()[-_MOST_LINE:] for line in told.split("\n")[-lines:]]
        return " | ".join(line for line in last if line) or "it wrote nothing"

    def settle(self, seconds: float = 0.2) -> None:
        """Give the readers a moment to read what a process that ended has left in its pipe."""
        for reader in self._readers:
            reader.join(seconds)
        self._readers = [reader for reader in self._readers if reader.is_alive()]

    def close(self) -> None:
        """Close the file and mask it; what a surviving grandchild writes later is read and forgotten."""
        self.settle()
        with self._lock:
            if not self._file.closed:
                self._file.close()
                self._mask_files()

    def _read(self, pipe: IO[bytes]) -> None:
        with pipe:
            while line := pipe.readline(_MOST_LINE):
                self._add(line)

    def _add(self, line: bytes) -> None:
        with self._lock:
            self._tail.append(line)
            if self._file.closed:
                return
            try:
                self._keep(line)
            except OSError:
                self.lost += 1  # a full disk may be the very fault: the target must not wait for its log

    def _keep(self, line: bytes) -> None:
        self._file.write(line)
        if self._file.tell() >= self._most // 2:
            self.path.replace(_older(self.path))
            self._file.close()
            self._file = self._opened(os.O_TRUNC)

    def _opened(self, flag: int) -> IO[bytes]:
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | flag, 0o600)
        if stat.S_ISREG(os.fstat(file).st_mode):
            os.fchmod(file, 0o600)
        return os.fdopen(file, "wb", buffering=0)

    def _mask_files(self) -> None:
        """Take the secrets out of both files; where the disk takes no copy, the file is emptied."""
        for file in (self.path, _older(self.path)):
            if not self._has_secrets or not file.is_file():
                continue
            before = file.read_bytes()
            after = self._mask(before)
            if after == before:
                continue
            masked = file.with_name(f"{file.name}.masked")
            try:
                masked.touch(0o600)
                masked.write_bytes(after)
                masked.replace(file)
            except OSError:
                masked.unlink(missing_ok=True)
                os.truncate(file, 0)


def _older(path: Path) -> Path:
    return path.with_name(f"{path.name}.1")
