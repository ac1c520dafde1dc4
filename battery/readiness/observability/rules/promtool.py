"""promtool's own opinion of a rule file, where it is installed."""

import shutil
import subprocess
from pathlib import Path

from battery.model.frozen import Frozen

_SECONDS = 60.0


class PromtoolOpinion(Frozen, frozen=True, kw_only=True):
    """Whether it would load the file, and what it said; without an opinion, `said` tells why there is none."""

    accepted: bool | None
    said: str


def ask_promtool(file: Path, *, path: str | None = None) -> PromtoolOpinion:
    """Ask the promtool on `path`, by default the PATH of this process."""
    tool = shutil.which("promtool", path=path)
    if tool is None:
        return PromtoolOpinion(accepted=None, said="promtool is not installed")
    try:
        done = subprocess.run(
            [tool, "check", "rules", str(file)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return PromtoolOpinion(accepted=None, said=f"promtool gave no answer: {error}")
    said = " ".join((done.stdout + done.stderr).decode("utf-8", "replace").split())
    return PromtoolOpinion(accepted=done.returncode == 0, said=said[:500])
