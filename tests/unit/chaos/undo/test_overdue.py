"""Promises whose time is up while their battery lives."""

import time
from pathlib import Path

from battery.chaos.process.identity import ProcessIdentity
from battery.chaos.undo.overdue import Overdue
from battery.chaos.undo.records import Kept, Line, Opened, Promised, encode
from battery.chaos.undo.steps import OWN_FILE, DeleteFile

OWNER = Opened(owner=ProcessIdentity(pid=2**31 - 1, create_time=1.0))


def _journal(folder: Path, *lines: Line) -> Path:
    path = folder / "undo-1-a.jsonl"
    path.write_bytes(b"".join(map(encode, (OWNER, *lines))))
    return path


def _file(folder: Path, name: str) -> DeleteFile:
    path = folder / f"{OWN_FILE}{name}"
    path.touch()
    return DeleteFile(path=str(path))


def test_only_what_is_overdue_is_undone_and_the_next_time_is_told(tmp_path: Path) -> None:
    now = time.monotonic()
    late, early, never, kept = (_file(tmp_path, name) for name in ("late", "early", "never", "kept"))
    path = _journal(
        tmp_path,
        Promised(number=1, name="late", steps=(late,), deadline=now - 1),
        Promised(number=2, name="early", steps=(early,), deadline=now + 1000),
        Promised(number=3, name="never", steps=(never,)),
        Promised(number=4, name="kept", steps=(kept,), deadline=now - 1),
        Kept(number=4),
    )
    before = path.read_bytes()
    seconds = Overdue(path).keep()
    assert seconds is not None
    assert 900 < seconds <= 1000
    assert not Path(late.path).exists()
    assert all(Path(each.path).exists() for each in (early, never, kept))
    assert path.read_bytes() == before, "its lines are the battery's"


def test_what_was_undone_is_not_undone_again_and_nothing_is_waited_for(tmp_path: Path) -> None:
    file = _file(tmp_path, "late")
    path = _journal(tmp_path, Promised(number=1, name="late", steps=(file,), deadline=0.0))
    overdue = Overdue(path)
    assert overdue.keep() is None
    Path(file.path).touch()
    assert overdue.keep() is None
    assert Path(file.path).exists()


def test_what_could_not_be_undone_is_tried_again_after_a_while(tmp_path: Path) -> None:
    strange = DeleteFile(path=str(tmp_path / "not-ours"))
    path = _journal(tmp_path, Promised(number=1, name="late", steps=(strange,), deadline=1.0))
    seconds = Overdue(path).keep()
    assert seconds is not None
    assert 0 < seconds <= 5


def test_a_journal_that_is_gone_has_nothing_overdue(tmp_path: Path) -> None:
    assert Overdue(tmp_path / "none").keep() is None
