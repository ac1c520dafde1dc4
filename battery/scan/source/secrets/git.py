"""git, asked about a repository that may be hostile: no hooks, no network, no prompts, nothing written."""

import os
import subprocess
from pathlib import Path

_QUIET = ["--no-optional-locks", "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]
_SECONDS = 300


class GitFailed(Exception):
    """git could not answer; the text says what it said."""


def git_command(root: Path, *arguments: str) -> list[str]:
    """The command line for a question about the repository around a folder."""
    return ["git", *_QUIET, "-C", str(root), *arguments]


def git_environment() -> dict[str, str]:
    """The environment that keeps git from asking anybody, over the network or at the terminal."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


def ask(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What git answers.

    Raises: GitFailed when it does not.
    """
    try:
        done = subprocess.run(
            git_command(root, *arguments),
            input=given,
            capture_output=True,
            check=False,
            env=git_environment(),
            timeout=_SECONDS,
        )
    except FileNotFoundError as error:
        raise GitFailed("git is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise GitFailed(f"git {arguments[0]} took more than {_SECONDS} s") from error
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitFailed(lines[0] if lines else f"git {arguments[0]} exits with {done.returncode}")
    return done.stdout
