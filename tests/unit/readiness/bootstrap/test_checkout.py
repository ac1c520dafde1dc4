"""A checkout is a clone of what was committed, or a copy of what is source."""

import subprocess
from pathlib import Path

import pytest

from battery.readiness.bootstrap.checkout import check_out
from battery.readiness.bootstrap.errors import DrillImpossible

IDENTITY = ("-c", "user.name=b", "-c", "user.email=b@example.org", "-c", "commit.gpgsign=false")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "committed.txt").write_text("x", encoding="utf-8")
    for words in (("init", "-q"), ("add", "."), (*IDENTITY, "commit", "-qm", "first")):
        subprocess.run(["git", "-C", str(folder), *words], check=True)
    (folder / "new.txt").write_text("x", encoding="utf-8")
    return folder


def test_a_repository_is_cloned_and_what_is_not_committed_is_told(repository: Path, tmp_path: Path) -> None:
    made = check_out(repository, tmp_path / "clone")
    assert (made.how, made.note) == ("clone", "1 changes are not committed, so the clone does not have them")
    assert (made.folder / "committed.txt").exists()
    assert not (made.folder / "new.txt").exists()


def test_a_copy_takes_what_is_source_and_ends_inside_of_itself(repository: Path) -> None:
    (repository / ".venv").mkdir()
    (repository / "link").symlink_to("committed.txt")
    (repository / "broken").symlink_to("nowhere")
    made = check_out(repository, repository / "scratch" / "checkout", clone=False)
    assert made.how == "copy"
    assert (made.folder / "new.txt").exists()
    assert (made.folder / "link").is_symlink()
    assert not (made.folder / ".venv").exists()
    assert not (made.folder / ".git").exists()
    assert not (made.folder / "scratch").exists()


def test_what_cannot_be_checked_out_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(DrillImpossible, match="no such folder"):
        check_out(tmp_path / "nowhere", tmp_path / "a")
    with pytest.raises(DrillImpossible, match="not be a clean one"):
        check_out(tmp_path, tmp_path)
    (tmp_path / "plain").mkdir()
    with pytest.raises(DrillImpossible, match="cannot be cloned"):
        check_out(tmp_path / "plain", tmp_path / "b", clone=True)


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(DrillImpossible, match="cannot be copied"):
        check_out(tmp_path / "plain", tmp_path / "file" / "below")
