"""Rule files, dashboards and objectives that battery.toml names; they start from the source tree."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from battery.model.plan import Plan
from battery.readiness.observability.files import NothingNamed, named_files

YAML, JSON, TOML = (".yml", ".yaml"), (".json",), (".toml",)


def named_sources(
    plan: Plan, key: str, patterns: Sequence[str], endings: tuple[str, ...]
) -> tuple[Path, ...]:
    """The files; the check is skipped, with the reason, where battery.toml names none or one is not there."""
    if not patterns:
        part = {"rules": "alerts"}.get(key, key)
        pytest.skip(
            f"no {key}: name the files as [observability] {key} in battery.toml; where there are none for a reason, "
            f'say it: [observability.not_applicable] {part} = "why"'
        )
    try:
        return named_files(tree_of(plan), patterns, endings)
    except NothingNamed as error:
        pytest.skip(str(error))


def tree_of(plan: Plan) -> Path:
    """The source tree, or the folder of battery.toml where it names none."""
    source = plan.definition.source
    return Path(plan.folder) / (source.path if source else "")
