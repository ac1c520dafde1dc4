"""The matrix of planted defects: enough of them, each known, each planted where the source is today."""

from collections import Counter
from pathlib import Path

import pytest

from battery.definitions.gates import load_shipped
from battery.reference.defects.catalogue import NAMES
from battery.reference.defects.source_defects import SOURCE_DEFECT_NAMES, copy_source
from tests.defects.gates import gates_of
from tests.defects.planted import PLANTED
from tests.defects.project import PROJECT_DEFECT_NAMES, project_with
from tests.defects.table import Row, rendered

DEFECTS = [row for row in PLANTED if row.defect]


def test_three_defects_or_more_turn_each_gate() -> None:
    turned = Counter(gate for row in DEFECTS for gate in gates_of(row.rules))
    assert set(turned) == {gate.id for gate in load_shipped().gates}
    assert min(turned.values()) >= 3
    assert len({row.defect for row in DEFECTS}) >= 24


def test_each_turns_one_gate_and_is_planted_somewhere() -> None:
    rules = {rule.id for gate in load_shipped().gates for rule in gate.rule}
    known = {*NAMES, *SOURCE_DEFECT_NAMES, *PROJECT_DEFECT_NAMES}
    for row in DEFECTS:
        assert len(gates_of(row.rules)) == (2 if row.defect == "secret_in_log" else 1), row
        assert row.defect in known
        assert set(row.rules) <= rules


def test_the_healthy_target_is_looked_at_by_each_command() -> None:
    assert {row.command[0] for row in PLANTED if not row.defect} == {row.command[0] for row in PLANTED}


@pytest.mark.parametrize("name", [*PROJECT_DEFECT_NAMES, *SOURCE_DEFECT_NAMES])
def test_a_defect_of_the_project_changes_a_copy(tmp_path: Path, name: str) -> None:
    assert _content(project_with(tmp_path / "spoilt", name)) != _content(copy_source(tmp_path / "sound"))


def test_the_table_tells_sensitivity_and_specificity() -> None:
    healthy, leak = (next(row for row in PLANTED if row.defect == name) for name in ("", "leak"))
    text = rendered((Row(leak, ("load.p4.memory.growth",), (), 2, 3), Row(healthy, (), (), 1, 1)))
    assert "Sensitivity: 2 of 3 runs with one of 1 defects" in text
    assert "Specificity: 1 of 1 runs" in text
    assert "| G2 | `leak` |" in text
    assert "| none | healthy | nothing is planted | soak | none | none | 1 of 1 |" in text


def _content(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
