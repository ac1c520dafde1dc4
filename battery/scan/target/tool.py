"""A tool of others as a process of its own: found, run in an environment of its own, and gone at the end."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


def installed(name: str) -> str | None:
    """Where the command is: on the PATH, or beside this Python, as an extra is installed; no name is nowhere."""
    beside = str(Path(sys.executable).parent / name) if name else ""
    return shutil.which(name) or (beside if os.access(beside, os.X_OK) else None)


async def run_to_its_end(
    command: Sequence[str], folder: Path, output: Path, variables: Mapping[str, str] | None = None
) -> int:
    """Its exit code. Neither the user's settings nor their proxies reach it; nothing of it is left, however this ends."""
    with output.open("wb") as sink:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env=_environment(folder) | dict(variables or {}),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )
        try:
            return await process.wait()
        finally:
            await _end(process)


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
    }


async def _end(process: asyncio.subprocess.Process) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it and its children have ended
    await process.wait()
