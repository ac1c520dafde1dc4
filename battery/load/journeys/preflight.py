"""The preflight: whether a locustfile imports, found out before anything runs, in a process of its own."""

import subprocess
import sys
from pathlib import Path

from battery.model.frozen import Frozen

_PATIENCE = 60.0


class LocustfileProblem(Frozen, frozen=True, kw_only=True):
    """Why a locustfile cannot be used, in one line, and the traceback of what it raised."""

    line: str
    trace: str = ""


def locustfile_problem(path: Path, url: str) -> LocustfileProblem | None:
    """What is wrong with the locustfile; None when its user classes can be used."""
    command = [sys.executable, "-P", "-m", "battery.load.journeys.trial", str(path.resolve()), url]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired:
        return LocustfileProblem(line=f"{path.name} did not import in {_PATIENCE:.0f} s")
    if done.returncode == 0:
        return None
    *trace, line = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no word"]
    return LocustfileProblem(line=line, trace="\n".join(trace))
