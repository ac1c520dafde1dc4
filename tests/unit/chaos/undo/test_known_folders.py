"""Where this user's batteries keep their journals."""

import os
import stat
from pathlib import Path

import pytest

from battery.chaos.undo.known_folders import KnownFolders


def _environ(tmp_path: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path / "state")}


def _with_journal(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "undo-1-a.jsonl").touch()
    return folder


def test_a_folder_with_a_journal_is_known_to_every_other_start(tmp_path: Path) -> None:
    environ, folder = _environ(tmp_path), _with_journal(tmp_path / "a" / "undo")
    KnownFolders(environ).remember(folder)
    KnownFolders(environ).remember(folder)
    assert KnownFolders(environ).others(tmp_path / "b") == (folder,)
    assert KnownFolders(environ).others(folder) == ()


def test_a_folder_without_a_journal_is_forgotten(tmp_path: Path) -> None:
    environ, folder = _environ(tmp_path), _with_journal(tmp_path / "a" / "undo")
    KnownFolders(environ).remember(folder)
    (folder / "undo-1-a.jsonl").unlink()
    assert KnownFolders(environ).others(tmp_path / "b") == ()
    (place,) = (tmp_path / "state" / "hardening-battery").iterdir()
    assert list(place.iterdir()) == []


def test_it_is_for_this_user_only_and_lies_in_the_home_folder_unless_told_otherwise(tmp_path: Path) -> None:
    known = KnownFolders({"HOME": str(tmp_path), "XDG_STATE_HOME": "relative/counts/for/nothing"})
    known.remember(_with_journal(tmp_path / "a"))
    place = tmp_path / ".local" / "state" / "hardening-battery" / "undo-folders"
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert known.trouble == ""


def test_what_others_may_write_is_not_believed(tmp_path: Path) -> None:
    environ, folder = _environ(tmp_path), _with_journal(tmp_path / "a")
    known = KnownFolders(environ)
    known.remember(folder)
    (tmp_path / "state" / "hardening-battery" / "undo-folders").chmod(0o777)
    assert known.others(tmp_path / "b") == ()
    known.remember(folder)
    assert "others may write there" in known.trouble


@pytest.mark.parametrize("environ", [{}, {"HOME": "/dev/null"}])
def test_without_a_place_for_it_the_reason_is_told_and_nothing_fails(
    environ: dict[str, str], tmp_path: Path
) -> None:
    known = KnownFolders(environ)
    assert known.others(tmp_path) == ()
    known.remember(tmp_path)
    assert "with the same --out only" in known.trouble


def test_another_battery_that_holds_the_place_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("battery.chaos.undo.known_folders._LOCK_SECONDS", 0.1)
    environ, folder = _environ(tmp_path), _with_journal(tmp_path / "a")
    known = KnownFolders(environ)
    with known._held():
        assert KnownFolders(environ).others(tmp_path / "b") == ()
        other = KnownFolders(environ)
        other.remember(folder)
    assert "Resource temporarily unavailable" in other.trouble
    known.remember(folder)
    assert known.others(tmp_path / "b") == (folder,)


def test_a_name_that_is_no_text_is_kept_as_it_is(tmp_path: Path) -> None:
    environ, folder = _environ(tmp_path), Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    KnownFolders(environ).remember(_with_journal(folder))
    assert KnownFolders(environ).others(tmp_path) == (folder,)
