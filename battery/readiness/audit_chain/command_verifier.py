"""A command of the target as a verifier: exit code 0 says intact, 1 to 63 broken; more than that, nothing."""

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from battery.errors import UsageError
from battery.readiness.audit_chain.verifier import Opinion
from battery.readiness.coverage.report import shown

PLACEHOLDER = "{file}"
_SECONDS = 60.0
_LAST_OPINION = 63  # the codes above tell bad usage, a missing command or a signal


class CommandVerifier:
    """Runs the command on each copy; `{file}` in it stands for the copy."""

    def __init__(
        self, command: Sequence[str], *, seconds: float = _SECONDS, folder: Path | None = None
    ) -> None:
        """`folder` is where it runs, by default here.

        Raises: UsageError when the command names no {file}: it would judge the same log each time."""
        if not any(PLACEHOLDER in word for word in command):
            raise UsageError(f"the verify command needs {PLACEHOLDER} where the log's path shall stand")
        self._command, self._seconds, self._folder = tuple(command), seconds, folder
        self.name = f"the command {shown(command[0])}"

    def judge(self, file: Path) -> Opinion:
        """The opinion on the log in a file."""
        command = [word.replace(PLACEHOLDER, str(file.resolve())) for word in self._command]
        try:
            code, output = self._run(command)
        except (OSError, subprocess.TimeoutExpired) as error:
            return Opinion(intact=None, said=f"the verify command gave no answer: {shown(str(error), 200)}")
        said = shown(" ".join(output.decode("utf-8", "replace").split())[-200:], 200)
        if not 0 <= code <= _LAST_OPINION:
            return Opinion(intact=None, said=f"the verify command ended with {code}: {said}")
        return Opinion(intact=code == 0, said=said or f"exit code {code}")

    def _run(self, command: list[str]) -> tuple[int, bytes]:
        """The exit code and what it wrote; one that takes too long is killed with its children."""
        with subprocess.Popen(
            command,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process:
            try:
                output, _ = process.communicate(timeout=self._seconds)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        return process.returncode, output
