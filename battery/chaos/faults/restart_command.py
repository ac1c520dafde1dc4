"""The restart fault: the user's own restart command, its exit code and the end of its output, without secrets."""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import IO

from battery.chaos.faults.interface import Effect, FaultFailed
from battery.chaos.faults.limit import checked
from battery.chaos.process.errors import ProcessFailed
from battery.chaos.process.exit import exit_words
from battery.chaos.process.given import GivenProcess
from battery.chaos.process.identity import ProcessIdentity
from battery.chaos.process.masking import masking
from battery.chaos.undo.steps import UndoStep

_TAIL_BYTES = 4096
# Far more than is shown: masking does not know what a cut leaves of a secret.
_MASKED_BYTES = 1024 * 1024
_TAIL_LINES = 5
_POLL_SECONDS = 0.05
_PROOF_SECONDS = 5.0


class RestartCommand:
    """Runs the command once, and never ends it half-way: that would leave the service down with nobody to start it.

    `find` tells the target's process, so that the restart can be seen.
    """

    name = "restart command"

    def __init__(
        self,
        command: Sequence[str],
        *,
        limit: float = 60.0,
        find: Callable[[], GivenProcess] | None = None,
        patience: float = _PROOF_SECONDS,
        secrets: Sequence[str] = (),
    ) -> None:
        # No timer: the wait for the command keeps the limit, and as long again it is waited for to run on.
        self.limit = checked(limit)
        self._patience = patience
        self.command = tuple(command)
        self.exit_code: int | None = None
        self.output = ""
        self._find, self._mask = find, masking(secrets)
        self._process: subprocess.Popen[bytes] | None = None
        self._before: ProcessIdentity | None = None
        self._unknown = "name its [process] pid_file"
        self._began = self._seconds = 0.0

    def describe(self) -> str:
        """What it runs."""
        return f"runs `{self._word}`, which should end within {self.limit:g} s, and never ends it half-way"

    def obstacle(self) -> str:
        """Why there is no restart command."""
        if not self.command:
            return 'there is no restart command: set [process] restart_command = ["systemctl", "restart", "app"] in battery.toml'
        return ""

    def undo(self) -> tuple[UndoStep, ...]:
        """Nothing: the command runs on, also without the battery, and starts the service."""
        return ()

    def inject(self) -> None:
        """Run the command to its end.

        Raises: FaultFailed when it cannot be started or takes longer than its limit.
        """
        self._before = self._look()
        self._began = time.monotonic()
        # A file and not a pipe: the service that it starts may keep the output open for ever.
        with tempfile.TemporaryFile() as output:
            try:
                code = self._run(output.fileno())
            finally:
                self._seconds = time.monotonic() - self._began
                self.output = self._end_of(output)
        if self._seconds > self.limit or code is None:
            raise FaultFailed(
                f"`{self._word}` did not end within {self.limit:g} s; {self._ran_on(code)}: {self._said}"
            )
        self.exit_code = code

    def prove(self) -> Effect:
        """Whether it ended well and the target is another process since."""
        if self.exit_code is None:
            return Effect(seen=False, meter=f"`{self._word}` has not run to its end")
        ran = f"`{self._word}` {exit_words(self.exit_code)} after {self._seconds:.1f} s"
        if self.exit_code != 0:
            return Effect(seen=False, meter=f"{ran}: {self._said}")
        if self._find is None or self._before is None:
            return Effect(
                seen=False,
                meter=f"{ran}, but which process the target is, is not known: {self._unknown}",
            )
        after = self._wait_for_another()
        if after is None or after == self._before:
            return Effect(
                seen=False, meter=f"{ran}, but the target is still process {self._before.pid} or none"
            )
        return Effect(seen=True, meter=f"{ran}: process {self._before.pid} became process {after.pid}")

    def remove(self) -> None:
        """Let a command that still runs, after an interrupt for instance, come to its end.

        Raises: FaultFailed when it does not within its limit.
        """
        if self._process is not None and self._wait() is None:
            raise FaultFailed(self._ran_on(None))

    @property
    def _word(self) -> str:
        return " ".join(self.command)

    @property
    def _said(self) -> str:
        return self.output or "it printed nothing"

    def _ran_on(self, code: int | None) -> str:
        """What became of a command that took too long."""
        if code is not None:
            return f"it was let run on, and {exit_words(code)} after {self._seconds:.1f} s"
        pid = self._process.pid if self._process else 0
        return f"process {pid} still runs and was left to run on: see to it that the service is up"

    def _end_of(self, output: IO[bytes]) -> str:
        """The last lines in one."""
        output.seek(max(output.seek(0, os.SEEK_END) - _MASKED_BYTES, 0))
        text = self._mask(output.read())[-_TAIL_BYTES:].decode("utf-8", "replace").strip()
        return " | ".join(text.splitlines()[-_TAIL_LINES:])

    def _run(self, output: int) -> int | None:
        """The exit code; none when it does not even end when it is let run on."""
        try:
            # A session of its own: neither Ctrl-C nor the end of the battery reaches it.
            process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        except OSError as error:
            raise FaultFailed(f"`{self._word}` cannot be started: {error.strerror or error}") from error
        self._process = process
        return self._wait()

    def _look(self) -> ProcessIdentity | None:
        if self._find is None:
            return None
        try:
            found = self._find()
        except ProcessFailed as error:
            self._unknown = str(error)
            return None
        if found.doubt:
            self._unknown = found.doubt
            return None
        return found.identity

    def _wait_for_another(self) -> ProcessIdentity | None:
        until = time.monotonic() + self._patience
        while ((after := self._look()) is None or after == self._before) and time.monotonic() < until:
            time.sleep(_POLL_SECONDS)
        return after

    def _wait(self) -> int | None:
        """Wait for its end, twice its limit in all; its exit code."""
        if self._process is None:
            return None
        try:
            return self._process.wait(max(self._began + 2 * self.limit - time.monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            return None
