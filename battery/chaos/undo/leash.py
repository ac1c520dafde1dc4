"""The battery's end of the pipe to its watchdog."""

import os
import select
import subprocess
import sys
from pathlib import Path
from typing import IO

from battery.chaos.process.mark import new_mark, own_environment
from battery.chaos.undo.outcome import WatchdogFailed
from battery.chaos.undo.watchdog import READY

_START_SECONDS = 20.0
_END_SECONDS = 10.0


class Leash:
    """Starts a watchdog over a journal, and another one should it end."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The watchdog's process id, 0 while there is none."""
        return self._process.pid if self._process else 0

    def ensure(self) -> None:
        """Make sure that a watchdog watches.

        Raises: WatchdogFailed when it does not start.
        """
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        try:
            process = self._spawn()
        except OSError as error:
            raise WatchdogFailed(
                f"the watchdog does not start ({error.strerror or error}), so nothing is injected"
            ) from error
        self._process = process
        if not _says_ready(process.stdout):
            code = process.poll()
            why = f"it ended with {code}" if code is not None else f"not ready in {_START_SECONDS:g} s"
            self.close()
            raise WatchdogFailed(f"the watchdog does not start ({why}), so nothing is injected")

    def nudge(self) -> None:
        """Tell the watchdog that the journal has another promise.

        Raises: WatchdogFailed when there is none any more and none can be started.
        """
        if self._process is None or self._process.stdin is None:
            return
        try:
            os.write(self._process.stdin.fileno(), b".")
        except OSError:
            self.close()  # it ended in between; the next one reads the journal when it starts
            self.ensure()

    def close(self) -> None:
        """Let the watchdog go: it sees to what the journal still promises, and ends."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _spawn(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            # -P: whatever lies in the current folder is not imported.
            [sys.executable, "-P", "-m", "battery.chaos.undo.watchdog", str(self._journal)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # The mark is nobody's: the watchdog must not carry one that it might be told to end.
            env=own_environment(new_mark()),
            start_new_session=True,
        )


def _says_ready(pipe: IO[bytes] | None) -> bool:
    if pipe is None:
        return False
    ready, _, _ = select.select([pipe], [], [], _START_SECONDS)
    return bool(ready) and pipe.readline() == READY
