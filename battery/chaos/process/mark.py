"""The mark: a random word in the environment of what the battery starts, by which all of it is found again."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "HARDENING_BATTERY_MARK"


def new_mark() -> str:
    """A mark that nobody else carries."""
    return secrets.token_hex(16)


def marked_environment(mark: str, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Our environment, with the mark and what else is asked for."""
    return {**os.environ, **(extra or {}), VARIABLE: mark}


def own_environment(mark: str) -> dict[str, str]:
    """For children that run this very package, also from a checkout that is not installed."""
    root = str(Path(__file__).parents[3])
    inherited = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([root, inherited] if inherited else [root])
    return marked_environment(mark, {"PYTHONPATH": path})
