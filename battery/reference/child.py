"""A part of the reference project as a child process that does not outlive its parent."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import battery

# What the user's own shell says about databases and callers is not meant for ours.
SERVICE_VARIABLES = (
    *("DATABASE_URL", "DEPENDENCY_ADDRESS", "DEPENDENCY_URL"),
    *("REFERENCE_TOKENS", "REFERENCE_USERS", "REFERENCE_ANONYMOUS_LIMIT"),
    *("REFERENCE_LOCKOUT_SECONDS", "REFERENCE_AUDIT_KEY"),
)
_LOG_LINES = 5


class Child:
    """One process, started with `--end-with-stdin` at the far end of a pipe; its output goes into `log`."""

    def __init__(
        self, module: str, arguments: Sequence[str], environment: Mapping[str, str], log: Path
    ) -> None:
        """Start it."""
        self._log = log
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [*python(module), *arguments, "--end-with-stdin"],
                # Nothing is ever written: the pipe's end tells the process that its parent is gone.
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=file,
                env={**inherited(), **environment},
                # Ctrl-C in a terminal reaches the parent alone; it decides when its children stop.
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def ended_within(self, seconds: float) -> bool:
        """Wait for its end; whether it came."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def last_words(self) -> str:
        """The end of its log."""
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:]
        return " | ".join(lines) or "its log is empty"

    def stop(self, seconds: float) -> None:
        """Stop it, gently first."""
        try:
            self.process.terminate()
            self.ended_within(seconds)
        finally:
            # Also when a second Ctrl-C ends the wait: nothing is left running.
            self.process.kill()
            self.process.wait()
            if self.process.stdin is not None:
                self.process.stdin.close()


def python(module: str) -> list[str]:
    """The command that runs `module`; -P: whatever lies in the current folder is not imported."""
    return [sys.executable, "-P", "-m", module]


def inherited() -> dict[str, str]:
    """Our environment, with this very package found first: also from a checkout that is not installed."""
    kept = {name: value for name, value in os.environ.items() if name not in SERVICE_VARIABLES}
    root, path = str(Path(battery.__path__[0]).parent), os.environ.get("PYTHONPATH")
    return {**kept, "PYTHONPATH": os.pathsep.join([root, path] if path else [root])}


def number_in(file: Path) -> int | None:
    """The number that a child wrote into `file`, None while it is not there."""
    try:
        return int(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
