"""The battery's own files below a source folder: its runs and state, and the key it signs with."""

import subprocess
from pathlib import Path

from battery.scan.source.secrets.git import git_command, git_environment

_KEY = "battery.key"
"""What keygen calls it unless told otherwise; the digest of a certified tree leaves it out as well."""


def own_files(root: Path, own: Path) -> tuple[str, ...]:
    """What the battery itself put there, as paths from the root. A key that was committed is a leak like any other, and is none of these."""
    place, below = root.resolve(), own.resolve()
    runs = below.is_relative_to(place) and below != place and below.exists()
    key = (root / _KEY).is_file() and not _is_committed(root)
    return (*([str(below.relative_to(place))] if runs else []), *([_KEY] if key else []))


def _is_committed(root: Path) -> bool:
    """Whether git tracks the key; it does not where there is no git."""
    command = git_command(root, "ls-files", "--error-unmatch", "--", _KEY)
    try:
        asked = subprocess.run(command, env=git_environment(), capture_output=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0
