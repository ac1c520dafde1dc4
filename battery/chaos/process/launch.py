"""How the target is started: its command, its environment and where."""

import subprocess
from pathlib import Path

from battery.chaos.process.errors import ProcessFailed
from battery.chaos.process.mark import marked_environment
from battery.model.frozen import Frozen


class Launch(Frozen, frozen=True, kw_only=True):
    """A command with all placeholders filled."""

    command: tuple[str, ...]
    env: dict[str, str] = {}
    folder: Path = Path()


def launch(order: Launch, mark: str) -> "subprocess.Popen[bytes]":
    """Start the command in a session of its own; its output is one pipe.

    Raises: ProcessFailed when the command cannot be started.
    """
    if not order.command:
        raise ProcessFailed("battery.toml gives no [process] command, so the battery cannot start the target")
    if not order.folder.is_dir():
        raise ProcessFailed(f"the target cannot be started in {order.folder}: there is no such folder")
    try:
        return subprocess.Popen(
            order.command,
            cwd=order.folder,
            env=marked_environment(mark, order.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Ctrl-C in a terminal reaches the battery alone; and the session tells what belongs to the target.
            start_new_session=True,
        )
    except OSError as error:
        raise ProcessFailed(_explained(order.command[0], error)) from error


def _explained(word: str, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        reason = (
            "no such command on PATH" if "/" not in word else "no such file, or its interpreter is missing"
        )
    elif isinstance(error, PermissionError):
        reason = "it is not executable for this user"
    else:
        reason = error.strerror or str(error)
    return (
        f'the target\'s command "{word}" cannot be started: {reason}; mend [process] command in battery.toml'
    )
