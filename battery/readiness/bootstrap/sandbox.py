"""A sandbox: a folder, a scrubbed environment, and commands that run there under a mark and leave nothing behind."""

import secrets
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from battery.model.frozen import Frozen
from battery.readiness.bootstrap.command_log import CommandLog
from battery.readiness.bootstrap.errors import CommandMissing, DrillImpossible
from battery.readiness.bootstrap.process_tree import MARK, Ended, end_tree, root_of

_COLLECT_SECONDS = 2.0


class Sandbox(Frozen, frozen=True, kw_only=True):
    """Where commands run, with which variables, and how long they may take together."""

    folder: Path
    env: dict[str, str]
    seconds: float = 600.0
    grace: float = 5.0


class SandboxedCommand:
    """One command in a session of its own; a context that ends the whole tree when it is left."""

    def __init__(self, sandbox: Sandbox, command: Sequence[str], log: CommandLog) -> None:
        """Start it.

        Raises: DrillImpossible when it cannot be started.
        """
        self._sandbox, self.log = sandbox, log
        mark = secrets.token_hex(16)
        self.began = time.monotonic()
        try:
            self.process = _started(sandbox, command, {**sandbox.env, MARK: mark})
        except DrillImpossible:
            log.close()
            raise
        self.root = root_of(self.process.pid, mark)
        self.ended: Ended | None = None
        if self.process.stdout:
            log.follow(self.process.stdout, self.began)

    def __enter__(self) -> "SandboxedCommand":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def exit_code(self) -> int | None:
        """How it ended; none while it runs."""
        return self.process.poll()

    def elapsed(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self.began

    def end(self) -> Ended:
        """End everything that it started, once; its log is closed."""
        if self.ended is None:
            self.ended = end_tree(self.root, self._sandbox.grace, self.process.poll)
            self._collect()
            self.log.close()
        return self.ended

    def _collect(self) -> None:
        """Take its exit status, which it may have left only after everybody was looked at last."""
        try:
            self.process.wait(_COLLECT_SECONDS)
        except subprocess.TimeoutExpired:
            self.log.close()  # it outlived SIGKILL, and is told as left


def _started(sandbox: Sandbox, command: Sequence[str], env: dict[str, str]) -> "subprocess.Popen[bytes]":
    if not command:
        raise DrillImpossible("no command is given; name it in battery.toml, [bootstrap] command")
    try:
        return subprocess.Popen(
            list(command),
            cwd=sandbox.folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        reason = error.strerror or str(error)
        hint = f"PATH there is {env.get('PATH', '')}"
        raise CommandMissing(
            f'"{command[0]}" cannot be started in a clean checkout: {reason}; {hint}'
        ) from error
