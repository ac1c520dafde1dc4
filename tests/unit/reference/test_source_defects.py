"""Copies of the reference's source, with and without a defect."""

from pathlib import Path

import pytest

from battery.reference.defects.source_defects import (
    SOURCE,
    SOURCE_DEFECTS,
    SourceDefect,
    UnknownSourceDefect,
    copy_source,
    plant,
)
from battery.reference.identity import source_digest


def test_a_copy_is_the_source_without_what_work_leaves_behind(tmp_path: Path) -> None:
    copy = copy_source(tmp_path / "copy")
    assert source_digest(copy) == source_digest(SOURCE)
    assert not list(copy.rglob("__pycache__"))


@pytest.mark.parametrize("defect", SOURCE_DEFECTS, ids=lambda defect: defect.name)
def test_a_defect_is_one_file_that_differs(tmp_path: Path, defect: SourceDefect) -> None:
    file = plant(tmp_path / "copy", defect.name)
    assert file == tmp_path / "copy" / defect.file
    assert file.read_text(encoding="utf-8").endswith(defect.written())
    healthy, planted = (
        {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (copy_source(tmp_path / "healthy"), tmp_path / "copy")
    )
    other = {path.relative_to(tmp_path / "healthy"): content for path, content in healthy.items()}
    changed = [
        path for path, content in planted.items() if other.get(path.relative_to(tmp_path / "copy")) != content
    ]
    assert changed == [file]


def test_none_of_them_stands_in_the_source_itself() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    values = [
        line.split("=", 1)[1].strip(' "')
        for one in SOURCE_DEFECTS
        for line in one.written().splitlines()
        if "=" in line and "==" not in line
    ]
    assert values
    assert not [value for value in values if value in text]


def test_an_unknown_one_is_refused_with_the_list(tmp_path: Path) -> None:
    with pytest.raises(
        UnknownSourceDefect, match="there are secret_in_source, vulnerable_dependency, env_file"
    ):
        plant(tmp_path / "copy", "leek")
    assert not (tmp_path / "copy").exists()
