"""One command of the drill: run to its end, or killed with its children at its limit. What it left serving lives on."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from battery.model.frozen import Frozen
from battery.readiness.bootstrap.command_log import CommandLog
from battery.readiness.bootstrap.errors import DrillImpossible
from battery.readiness.bootstrap.sandbox import Sandbox, SandboxedCommand
from battery.readiness.snapshots.errors import DrillStopped

_POLL = 0.02


class Place(Frozen, frozen=True, kw_only=True):
    """Where commands run, with which variables, how long each may take, and the folder of their logs."""

    folder: Path
    env: dict[str, str]
    seconds: float
    logs: Path
    backup: str


class Ran(Frozen, frozen=True, kw_only=True):
    """How a command ended; `said` is the end of what it wrote."""

    name: str
    code: int
    seconds: float
    said: str
    log: Path


def run_command(name: str, command: Sequence[str], place: Place) -> Ran:
    """Run it; whatever it exits with is in the answer.

    Raises: DrillStopped when it cannot be started or does not end in time.
    """
    from battery.model.capabilities import BACKUP

    words = [word.replace(BACKUP, place.backup) for word in command]
    log = CommandLog(place.logs / f"{name}.log")
    sandbox = Sandbox(folder=place.folder, env=place.env, seconds=place.seconds)
    try:
        started = SandboxedCommand(sandbox, words, log)
    except DrillImpossible as error:
        raise DrillStopped(
            f'[capabilities.snapshots] {name}: "{words[0]}" cannot be started: {error.__cause__}'
        ) from error
    try:
        code = _awaited(started, place.seconds)
    except BaseException:
        started.end()
        raise
    if code is None:
        started.end()
        raise DrillStopped(
            f"[capabilities.snapshots] {name} did not end within {place.seconds:g} s and was killed: {log.tail()}"
        )
    seconds = started.elapsed()
    log.close()
    return Ran(name=name, code=code, seconds=seconds, said=log.tail(), log=log.path)


def environment(environ: Mapping[str, str], backup: str) -> dict[str, str]:
    """The variables of whoever runs the battery, and where the backup shall stand."""
    return {**environ, "BATTERY_BACKUP": backup}


def _awaited(started: SandboxedCommand, seconds: float) -> int | None:
    while (code := started.exit_code()) is None and started.elapsed() < seconds:
        time.sleep(_POLL)
    return code
