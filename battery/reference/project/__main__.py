"""`python project COMMAND`: run a command of this folder's project, whatever the folder is called and wherever it lies.

The code calls itself battery.reference. `path` holds a package of that name whose modules are the files of this very
folder: with it in front of PYTHONPATH, this process and all that it starts use the copy and never one that is installed.
"""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def environment() -> dict[str, str]:
    """The variables of a process that shall find this folder as battery.reference."""
    # A path inside a string of paths cannot hold the character that separates them.
    if os.pathsep in str(HERE):
        raise SystemExit(f"{HERE.parent} cannot be used: its path holds {os.pathsep!r}; move the folder")
    before = os.environ.get("PYTHONPATH")
    ours = str(HERE / "path")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([ours, before] if before else [ours])}


if __name__ == "__main__":
    # -P: whatever lies in the current folder is not imported.
    words = [sys.executable, "-P", "-m", "battery.reference.project.commands", *sys.argv[1:]]
    os.execve(sys.executable, words, environment())  # noqa: S606 - its own interpreter, and no shell
