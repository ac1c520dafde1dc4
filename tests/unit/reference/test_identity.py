"""The digest over the source."""

from pathlib import Path

import pytest

from battery.reference.identity import own_identity, source_digest


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.py").write_text("a")
    (tmp_path / "inner" / "b.py").write_text("b")
    return tmp_path


def test_the_same_tree_has_the_same_digest(tree: Path) -> None:
    assert source_digest(tree) == source_digest(tree)


def test_a_changed_byte_changes_the_digest(tree: Path) -> None:
    before = source_digest(tree)
    (tree / "inner" / "b.py").write_text("B")
    assert source_digest(tree) != before


def test_a_moved_file_changes_the_digest(tree: Path) -> None:
    before = source_digest(tree)
    (tree / "inner" / "b.py").rename(tree / "b.py")
    assert source_digest(tree) != before


def test_what_is_not_source_does_not_count(tree: Path) -> None:
    before = source_digest(tree)
    (tree / "a.pyc").write_text("compiled")
    assert source_digest(tree) == before


def test_the_service_knows_itself() -> None:
    identity = own_identity()
    assert identity.name == "battery-reference"
    assert len(identity.commit) == 64
