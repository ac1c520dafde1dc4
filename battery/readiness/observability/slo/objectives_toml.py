"""Objectives in a TOML file of their own."""

from pathlib import Path

from battery.definitions.toml_file import load
from battery.readiness.observability.slo.objective import Objectives, check


def read_objectives(path: Path) -> Objectives:
    """The objectives in a file.

    Raises: DefinitionError that names the key and what was expected.
    """
    objectives, _ = load(path, Objectives)
    return check(objectives, str(path))
