"""What the battery itself leaves in a source folder."""

import subprocess
from pathlib import Path

import pytest

from battery.scan.source.own_files import own_files


def git(folder: Path, *arguments: str) -> None:
    named = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *named, "-C", str(folder), *arguments], check=True, capture_output=True)


def test_runs_and_an_uncommitted_key_are_the_batterys_own(tmp_path: Path) -> None:
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "battery.key").write_text("a key")
    (tmp_path / "other.key").write_text("somebody's key")
    assert own_files(tmp_path, tmp_path / "artifacts") == ("artifacts", "battery.key")
    git(tmp_path, "init")
    assert own_files(tmp_path, tmp_path / "artifacts") == ("artifacts", "battery.key")


def test_a_key_that_git_tracks_is_a_leak_and_is_scanned(tmp_path: Path) -> None:
    (tmp_path / "battery.key").write_text("a key")
    git(tmp_path, "init")
    git(tmp_path, "add", "battery.key")
    assert own_files(tmp_path, tmp_path / "artifacts") == ()


def test_where_there_is_no_git_nothing_is_tracked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "battery.key").write_text("a key")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert own_files(tmp_path, tmp_path) == ("battery.key",)


def test_nothing_of_the_battery_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    assert own_files(tmp_path / "src", tmp_path) == ()
