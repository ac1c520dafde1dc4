"""The process that serves."""

import os
import subprocess
import time
from collections.abc import Sequence

from battery.reference.child import inherited, python


class Worker:
    """A worker; it has `served` from the moment it announced itself on its standard output."""

    def __init__(self, arguments: Sequence[str], listen_fd: int, environment: dict[str, str]) -> None:
        """Start it."""
        self.process = subprocess.Popen(
            [*python("battery.reference"), *arguments],
            # Its end tells the worker that the supervisor is gone.
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(listen_fd,),
            env={**inherited(), **environment},
            # Ctrl-C in a terminal reaches the supervisor alone, which tells the worker.
            start_new_session=True,
        )
        assert self.process.stdout  # noqa: S101 - a pipe was asked for
        self._stdout = self.process.stdout.fileno()
        self._served_from: float | None = None
        self._closed = False

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    @property
    def served(self) -> bool:
        """Whether it has come to serve."""
        return self._served_from is not None

    @property
    def watched(self) -> tuple[int, ...]:
        """What to wait for beside its death: its announcement, until that has come."""
        return () if self.served or self._closed else (self._stdout,)

    def hear(self) -> None:
        """Take in its announcement."""
        if b"\n" in (said := os.read(self._stdout, 4096)):
            self._served_from = time.monotonic()
        # Without a word: it is dying, and will not announce itself any more.
        self._closed = not said

    def served_seconds(self) -> float:
        """How long it has served."""
        return 0.0 if self._served_from is None else time.monotonic() - self._served_from

    def ended(self) -> bool:
        """Whether it is dead."""
        return self.process.poll() is not None

    def dispose(self) -> None:
        """Make sure that it is, and close its pipes."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
