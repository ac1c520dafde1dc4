"""Backup, destroy and restore of a data folder."""

import fcntl
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest

from battery.reference.defects import backup_lies
from battery.reference.snapshots.backing_up import back_up
from battery.reference.snapshots.content import content_digest
from battery.reference.snapshots.destroying import destroy
from battery.reference.snapshots.failure import SnapshotRefused
from battery.reference.snapshots.marker import FILE as MARKER
from battery.reference.snapshots.marker import alone_in, mark, marked
from battery.reference.snapshots.restoring import (
    JOURNAL,
    STAGE,
    Journal,
    finish_interrupted,
    is_interrupted,
    restore,
)
from tests.fakes.reference_data import add_record, records_in


def _tree(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@contextmanager
def _served(folder: Path) -> Iterator[None]:
    """As a running service holds its audit log."""
    with (folder / "audit.lock").open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def test_what_was_destroyed_comes_back_equal(data: Path, tmp_path: Path) -> None:
    file, before = tmp_path / "b", content_digest(data, with_audit=True)
    taken = back_up(data, file)
    gone = destroy(data, file)
    assert {"orders.sqlite3", "jobs.sqlite3", "audit.ndjson", "audit.head", "audit.key"} <= set(gone)
    assert content_digest(data, with_audit=True) != before
    restored = restore(data, file)
    assert restored == taken
    assert content_digest(data, with_audit=True) == before
    assert content_digest(data) == taken.digest
    assert records_in(data) == ["first", "second"]
    assert not (data / STAGE).exists()


def test_a_restore_goes_back_to_the_moment_of_the_backup(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "b")
    add_record(data, "later")
    assert records_in(data) == ["first", "second", "later"]
    restore(data, tmp_path / "b")
    assert records_in(data) == ["first", "second"]


def test_a_log_that_a_crash_left_beside_a_database_is_not_taken_for_the_restored_ones(
    data: Path, tmp_path: Path
) -> None:
    back_up(data, tmp_path / "b")
    with closing(sqlite3.connect(data / "orders.sqlite3")) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("INSERT INTO records (run, id) VALUES ('r', 'in the log')")
        writer.commit()
        assert (data / "orders.sqlite3-wal").stat().st_size > 0
        shutil.copytree(data, tmp_path / "crashed")
    restore(tmp_path / "crashed", tmp_path / "b")
    assert records_in(tmp_path / "crashed") == ["first", "second"]


def test_a_backup_holds_what_is_committed_and_not_yet_in_the_file(data: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data / "orders.sqlite3")) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("INSERT INTO records (run, id) VALUES ('r', 'in the log')")
        writer.commit()
        writer.execute("INSERT INTO records (run, id) VALUES ('r', 'not committed')")
        back_up(data, tmp_path / "b")
    restore(tmp_path / "other", tmp_path / "b")
    assert records_in(tmp_path / "other") == ["first", "second", "in the log"]


def test_an_audit_log_that_is_there_is_never_taken_back(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "b")
    with (data / "audit.ndjson").open("ab") as log:
        log.write(b'{"seq":3}\n')
    restore(data, tmp_path / "b")
    assert (data / "audit.ndjson").read_bytes().endswith(b'{"seq":3}\n')


def test_the_audit_log_of_a_running_service_is_left_to_it(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "b")
    with _served(data):
        assert not any(name.startswith("audit") for name in destroy(data))
        (data / "audit.ndjson").unlink()
        restore(data, tmp_path / "b")
        assert not (data / "audit.ndjson").exists()
    assert records_in(data) == ["first", "second"]


def test_half_a_line_of_the_audit_log_is_left_out(data: Path, tmp_path: Path) -> None:
    with (data / "audit.ndjson").open("ab") as log:
        log.write(b'{"seq":3,"ha')
    back_up(data, tmp_path / "b")
    restore(tmp_path / "other", tmp_path / "b")
    assert (tmp_path / "other" / "audit.ndjson").read_bytes() == b'{"seq":1}\n{"seq":2}\n'


def test_a_database_that_the_backup_does_not_hold_is_gone_afterwards(data: Path, tmp_path: Path) -> None:
    jobs = data / "jobs.sqlite3"
    kept = jobs.read_bytes()
    jobs.unlink()
    back_up(data, tmp_path / "b")
    jobs.write_bytes(kept)
    restore(data, tmp_path / "b")
    assert not jobs.exists()


def test_a_backup_is_for_nobody_else_to_read_and_leaves_nothing_beside_it(data: Path, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    place.mkdir()
    back_up(data, place / "b")
    assert [path.name for path in place.iterdir()] == ["b"]
    assert stat.S_IMODE((place / "b").stat().st_mode) == 0o600


def test_equal_content_has_equal_digests_whatever_the_files_look_like(data: Path, tmp_path: Path) -> None:
    before = content_digest(data)
    with closing(sqlite3.connect(data / "orders.sqlite3", isolation_level=None)) as connection:
        connection.execute("VACUUM")
        connection.execute("UPDATE probe SET writes = writes + 7")
    assert content_digest(data) == before
    add_record(data, "third")
    assert content_digest(data) != before


def test_a_backup_that_lies_is_told_by_its_digest_alone(data: Path, tmp_path: Path) -> None:
    before = content_digest(data)
    mark(data, defects={backup_lies.DEFECT.name})
    back_up(data, tmp_path / "b")
    restore(data, tmp_path / "b")
    assert content_digest(data) != before
    assert records_in(data) == []


def test_the_expected_digest_is_compared_before_anything_is_touched(data: Path, tmp_path: Path) -> None:
    taken, before = back_up(data, tmp_path / "b"), _tree(data)
    with pytest.raises(SnapshotRefused, match="expected sha256:0: use the backup that was meant"):
        restore(data, tmp_path / "b", expected="sha256:0")
    assert _tree(data) == before
    assert restore(data, tmp_path / "b", expected=taken.digest) == taken


def test_a_restore_that_was_cut_off_is_finished_by_whoever_comes_next(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "b")
    restore(tmp_path / "good", tmp_path / "b")
    wanted = content_digest(data)
    add_record(data, "later")
    # As a crash leaves it after one of two renames.
    shutil.copytree(tmp_path / "good", data / STAGE)
    (data / STAGE / "jobs.sqlite3").replace(data / "jobs.sqlite3")
    (data / JOURNAL).write_bytes(msgspec.json.encode(Journal(("jobs.sqlite3", "orders.sqlite3"), ("gone",))))
    assert is_interrupted(data)
    finish_interrupted(data)
    assert not is_interrupted(data)
    assert content_digest(data) == wanted
    finish_interrupted(data)


def test_a_journal_that_cannot_be_read_says_what_to_do(data: Path) -> None:
    (data / JOURNAL).write_bytes(b"half")
    with pytest.raises(SnapshotRefused, match=r"delete it and .* then restore again"):
        finish_interrupted(data)


def test_a_restore_that_was_not_decided_is_swept_away_by_the_next(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "b")
    (data / STAGE).mkdir()
    (data / STAGE / "orders.sqlite3").write_bytes(b"half")
    restore(data, tmp_path / "b")
    assert not (data / STAGE).exists()
    assert records_in(data) == ["first", "second"]


def test_postgresql_is_backed_up_by_its_own_tools(data: Path, tmp_path: Path) -> None:
    mark(data, store="postgresql")
    with pytest.raises(SnapshotRefused, match="use pg_dump"):
        back_up(data, tmp_path / "b")


def test_there_must_be_something_to_back_up(data: Path, tmp_path: Path) -> None:
    destroy(data)
    with pytest.raises(SnapshotRefused, match="holds no database"):
        back_up(data, tmp_path / "b")
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("act", [destroy, lambda folder: restore(folder, Path("b"))])
def test_a_folder_that_is_not_ours_is_never_touched(tmp_path: Path, act: object) -> None:
    (tmp_path / "orders.sqlite3").write_bytes(b"of somebody else")
    before = _tree(tmp_path)
    assert callable(act)
    with pytest.raises(SnapshotRefused, match=r"has no \.battery-reference\.json"):
        act(tmp_path)
    assert _tree(tmp_path) == before


def test_destroy_deletes_what_is_the_services_and_nothing_else(data: Path) -> None:
    (data / "notes.txt").write_text("mine")
    destroy(data)
    assert {path.name for path in data.iterdir()} == {"notes.txt", MARKER, "audit.lock"}


def test_destroy_with_a_backup_that_is_not_whole_destroys_nothing(data: Path, tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"")
    before = _tree(data)
    with pytest.raises(SnapshotRefused, match="no backup"):
        destroy(data, tmp_path / "b")
    assert _tree(data) == before


def test_one_command_is_at_work_in_a_folder(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "b")
    with alone_in(data), pytest.raises(SnapshotRefused, match="another snapshot command"):
        restore(data, tmp_path / "b")


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "cannot be read"), (b'{"format":9}', "another version")]
)
def test_a_marker_that_says_nothing_we_know_is_refused(data: Path, content: bytes, reason: str) -> None:
    (data / MARKER).write_bytes(content)
    with pytest.raises(SnapshotRefused, match=reason):
        marked(data)


def test_a_marker_that_says_it_already_is_left_alone(data: Path) -> None:
    before = (data / MARKER).stat().st_ino
    mark(data)
    assert (data / MARKER).stat().st_ino == before
    mark(data, defects=["b", "a"])
    assert marked(data).defects == ("a", "b")
