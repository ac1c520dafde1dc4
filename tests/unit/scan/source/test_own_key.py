"""The battery's own key in a source folder."""

import subprocess
from pathlib import Path

import pytest

from battery.scan.source.own_key import own_key


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the battery's key and another."""
    (tmp_path / "battery.key").write_text("a key")
    (tmp_path / "other.key").write_text("somebody's key")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    named = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *named, "-C", str(folder), *arguments], check=True, capture_output=True)


def committed(folder: Path) -> None:
    git(folder, "init")
    git(folder, "add", "battery.key")
    git(folder, "commit", "-m", "all")


def test_a_key_that_was_never_committed_is_the_batterys_own(folder: Path) -> None:
    assert own_key(folder) == ("battery.key",)
    git(folder, "init")
    assert own_key(folder) == ("battery.key",)


def test_a_key_that_git_tracks_is_a_leak(folder: Path) -> None:
    git(folder, "init")
    git(folder, "add", "battery.key")
    assert own_key(folder) == ()


def test_a_key_in_an_earlier_commit_is_a_leak(folder: Path) -> None:
    committed(folder)
    git(folder, "rm", "--cached", "battery.key")
    git(folder, "commit", "-m", "out of sight")
    assert own_key(folder) == ()


def test_where_git_cannot_tell_the_key_is_scanned(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed(folder)
    (folder / ".git" / "HEAD").write_text("nonsense")
    assert own_key(folder) == ()
    (folder / "below").mkdir()
    (folder / "below" / "battery.key").write_text("a key")
    monkeypatch.setenv("PATH", str(folder))
    assert own_key(folder / "below") == ()


def test_a_link_is_not_taken_for_the_key(tmp_path: Path, folder: Path) -> None:
    (folder / "battery.key").unlink()
    (folder / "battery.key").symlink_to(folder / "other.key")
    assert own_key(folder) == ()
    assert own_key(tmp_path / "nowhere") == ()
