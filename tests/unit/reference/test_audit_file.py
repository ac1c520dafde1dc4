"""The audit log on disk: going on after any end, and one writer at a time."""

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from battery.reference.audit.event import Event
from battery.reference.audit.log_file import AuditBusy, LogFile
from battery.reference.audit.verification import verify_file

KEY = b"the key of the service"


def wrote(folder: Path, *names: str, vouched: bool = True) -> None:
    """A run of the service that noted these."""
    with closing(LogFile(folder, KEY)) as file:
        file.append([Event("", name) for name in names])
        if vouched:
            file.vouch()


def state(folder: Path) -> tuple[bool, int]:
    """Whether the log is intact, and its records."""
    verdict = verify_file(folder / "audit.ndjson", folder / "audit.head", KEY)
    return verdict.intact, verdict.records


def test_a_log_goes_on_where_it_ended(tmp_path: Path) -> None:
    wrote(tmp_path, "a", "b")
    wrote(tmp_path, "c")
    assert state(tmp_path) == (True, 3)
    with closing(LogFile(tmp_path, KEY)) as file:
        assert (file.link.records, file.found, len(file.recent)) == (3, "", 3)


def test_an_empty_log_is_a_log(tmp_path: Path) -> None:
    with closing(LogFile(tmp_path / "new", KEY)) as file:
        assert (file.link.records, file.found) == (0, "")
    assert state(tmp_path / "new") == (True, 0)


def test_what_a_kill_left_behind_the_head_is_taken_in(tmp_path: Path) -> None:
    wrote(tmp_path, "a")
    wrote(tmp_path, "b", "c", vouched=False)
    with (tmp_path / "audit.ndjson").open("ab") as log:
        log.write(b'{"half')
    assert state(tmp_path) == (True, 3)
    with closing(LogFile(tmp_path, KEY)) as file:
        assert file.link.records == 3
        assert file.found == "2 records written after the head; 6 bytes of an unfinished record cut off"
        file.append([Event("", "d")])
        file.vouch()
    assert state(tmp_path) == (True, 4)


def cut(log: Path, _head: Path) -> None:
    """Take the end away."""
    os.truncate(log, log.stat().st_size - 1)


def removed(log: Path, _head: Path) -> None:
    """Take all of it away."""
    log.unlink()


def headless(_log: Path, head: Path) -> None:
    """Take the head away."""
    head.unlink()


def forged(log: Path, _head: Path) -> None:
    """Write something behind the head."""
    with log.open("ab") as opened:
        opened.write(b'{"event": "forged"}\n')


@pytest.mark.parametrize("attack", [cut, removed, headless, forged])
def test_a_log_that_does_not_fit_its_head_is_kept_as_evidence(
    tmp_path: Path, attack: Callable[[Path, Path], None]
) -> None:
    for number in (1, 2):
        wrote(tmp_path, "a", "b")
        attack(tmp_path / "audit.ndjson", tmp_path / "audit.head")
        with closing(LogFile(tmp_path, KEY)) as file:
            assert file.link.records == 0
            assert f"what was there is kept as audit.broken-{number}.ndjson" in file.found
        kept = [f"audit.broken-{number}.{ending}" for ending in ("ndjson", "head")]
        assert any((tmp_path / name).exists() for name in kept)
    assert state(tmp_path) == (True, 0)


def test_another_key_begins_another_log(tmp_path: Path) -> None:
    wrote(tmp_path, "a")
    with closing(LogFile(tmp_path, b"another key of the service")) as file:
        assert "not made with the key" in file.found


def test_only_one_process_writes(tmp_path: Path) -> None:
    with closing(LogFile(tmp_path, KEY)), pytest.raises(AuditBusy, match="another process"):
        LogFile(tmp_path, KEY, lock_seconds=0.0)
    wrote(tmp_path, "a")


def test_many_records_leave_the_newest_to_be_read(tmp_path: Path) -> None:
    wrote(tmp_path, *(f"event {number} {'x' * 100}" for number in range(500)))
    with closing(LogFile(tmp_path, KEY)) as file:
        assert 100 < len(file.recent) <= 200
        assert b"event 499 " in file.recent[-1]
        assert all(line.startswith(b"{") for line in file.recent)


def test_a_log_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    (tmp_path / "audit.lock").mkdir()
    with pytest.raises(IsADirectoryError, match="audit"):
        LogFile(tmp_path, KEY)
    (tmp_path / "audit.lock").rmdir()
    wrote(tmp_path)
    (tmp_path / "audit.ndjson").unlink()
    (tmp_path / "audit.ndjson").mkdir()
    for _ in range(2):  # the second time shows that the first has left nothing locked
        with pytest.raises(IsADirectoryError, match="audit"):
            LogFile(tmp_path, KEY, lock_seconds=0.0)
