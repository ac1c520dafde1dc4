"""Backup: one consistent state of everything, taken while the service runs."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from battery.reference.clock import Clock, wall_clock
from battery.reference.defects import backup_lies
from battery.reference.snapshots.archive import unpack, write_archive
from battery.reference.snapshots.content import audit_files, content_digest, databases, reading
from battery.reference.snapshots.failure import SnapshotRefused
from battery.reference.snapshots.manifest import FORMAT, Manifest, member_of
from battery.reference.snapshots.marker import Marker, alone_in, marked
from battery.reference.snapshots.restoring import finish_interrupted


def back_up(folder: Path, file: Path, clock: Clock = wall_clock) -> Manifest:
    """Copy the content of `folder` into `file`, and read it back to see that it is there.

    Raises: SnapshotRefused, OSError.
    """
    marker = marked(folder)
    _refuse_postgresql(folder, marker)
    with alone_in(folder):
        finish_interrupted(folder)
    if not databases(folder):
        raise SnapshotRefused(f"{folder} holds no database: there is nothing to back up")
    # Beside the backup and not in the data folder: a copy must fit where backups are kept.
    with TemporaryDirectory(prefix=".snapshot-", dir=file.absolute().parent) as place:
        copies = Path(place)
        # Before the copy: whatever is acknowledged before this moment is in it.
        taken_at = clock().isoformat(timespec="milliseconds")
        _copy(folder, copies, empty=backup_lies.DEFECT.name in marker.defects)
        members = tuple(member_of(path) for path in sorted(copies.iterdir()))
        manifest = Manifest(format=FORMAT, taken_at=taken_at, digest=content_digest(copies), members=members)
        write_archive(file, manifest, copies)
    with TemporaryDirectory(prefix=".snapshot-", dir=file.absolute().parent) as place:
        return unpack(file, Path(place))


def _refuse_postgresql(folder: Path, marker: Marker) -> None:
    if marker.store != "sqlite":
        raise SnapshotRefused(
            f"the orders of {folder} stand in PostgreSQL, and this command copies files: use pg_dump and pg_restore"
        )


def _copy(folder: Path, copies: Path, *, empty: bool) -> None:
    for path in databases(folder):
        _copy_database(path, copies / path.name, empty=empty)
    for path in audit_files(folder):
        shutil.copyfile(path, copies / path.name)
        if path.suffix == ".ndjson":
            _cut_half_line(copies / path.name)


def _copy_database(source: Path, target: Path, *, empty: bool) -> None:
    """SQLite's own backup: what is committed, with the log folded in, in one file."""
    with reading(source) as db, closing(sqlite3.connect(target, isolation_level=None)) as copy:
        db.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        if empty:
            for (table,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                copy.execute(f'DELETE FROM "{table}"')  # nosec B608  # noqa: S608 - the planted defect, on our own tables


def _cut_half_line(file: Path) -> None:
    """A record that was being written is left out."""
    with file.open("r+b") as opened:
        data = opened.read()
        opened.truncate(data.rfind(b"\n") + 1)
