"""A clean checkout: a clone where the source is a Git repository, else a copy without what others wrote into it."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Literal

from battery.model.frozen import Frozen
from battery.readiness.bootstrap.errors import DrillImpossible

_SECONDS = 300.0
_NOT_SOURCE = {
    *(".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".nox"),
    *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".cache", "artifacts"),
}
_NO_CONFIG = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}


class Checkout(Frozen, frozen=True, kw_only=True):
    """Where it lies, how it was made, and what a person should know about it."""

    folder: Path
    how: Literal["clone", "copy"]
    note: str = ""


def check_out(source: Path, folder: Path, *, clone: bool | None = None) -> Checkout:
    """A checkout of `source` at `folder`, which must not exist; `clone` demands or forbids a clone.

    Raises: DrillImpossible.
    """
    if not source.is_dir():
        raise DrillImpossible(
            f"{source}: there is no such folder; name the source tree in battery.toml, [source] path"
        )
    if folder.exists():
        raise DrillImpossible(f"{folder} exists already, so the checkout would not be a clean one")
    if clone or (clone is None and (source / ".git").exists() and shutil.which("git")):
        _git(source, "clone", "--quiet", "--no-hardlinks", "--", str(source.resolve()), str(folder.resolve()))
        changed = _git(source, "-C", str(source.resolve()), "status", "--porcelain").count("\n")
        note = f"{changed} changes are not committed, so the clone does not have them" if changed else ""
        return Checkout(folder=folder, how="clone", note=note)
    return _copy(source, folder)


def _copy(source: Path, folder: Path) -> Checkout:
    inside = folder.resolve()

    def unwanted(place: str, names: list[str]) -> set[str]:
        # The scratch folder may lie inside of the source: a copy of the copy would never end.
        return {name for name in names if name in _NOT_SOURCE or _holds(Path(place, name), inside)}

    try:
        shutil.copytree(source, folder, symlinks=True, ignore=unwanted, ignore_dangling_symlinks=True)
    except (OSError, shutil.Error) as error:
        raise DrillImpossible(f"{source} cannot be copied: {str(error)[:300]}") from error
    return Checkout(folder=folder, how="copy")


def _holds(place: Path, folder: Path) -> bool:
    return folder.is_relative_to(place.resolve()) and not place.is_symlink()


def _git(source: Path, *words: str) -> str:
    # Hooks and filters of the machine's user are no part of a clean clone.
    command = ["git", "-c", "safe.directory=*", "-c", "core.hooksPath=/dev/null", *words]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **_NO_CONFIG},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DrillImpossible(f"{source} cannot be cloned: {error}") from error
    if done.returncode != 0:
        reason = " ".join(done.stderr.split())[:300]
        raise DrillImpossible(f"{source} cannot be cloned: {reason}")
    return done.stdout
