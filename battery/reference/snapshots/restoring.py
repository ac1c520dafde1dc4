"""Restore: everything is checked first, then put in place in one step that a crash cannot leave half done.

1. The backup is unpacked beside the data and compared with its manifest; nothing of the data is touched.
2. The databases in it are looked into, and the digest over their rows compared with the manifest.
3. A journal is written that says what goes where. From here on the restore is decided.
4. What the journal says is done. Whoever finds a journal does this again: every step may be done twice.
5. The journal is removed.
"""

import os
import shutil
from pathlib import Path

import msgspec

from battery.reference.snapshots.archive import unpack
from battery.reference.snapshots.content import (
    COMPANIONS,
    DATABASES,
    audit_files,
    content_digest,
    databases,
    is_served,
    reading,
)
from battery.reference.snapshots.failure import SnapshotRefused
from battery.reference.snapshots.manifest import Manifest
from battery.reference.snapshots.marker import alone_in, mark, marked

JOURNAL, STAGE = ".restore.json", ".restore"


class Journal(msgspec.Struct, frozen=True):
    """What a restore puts in place."""

    place: tuple[str, ...]
    remove: tuple[str, ...]


def restore(folder: Path, file: Path, *, expected: str = "") -> Manifest:
    """Make the content of `folder` that of the backup; `expected` is the digest that it must have.

    The audit log is put back only where it is gone: going back in time must not rewrite what happened.

    Raises: SnapshotRefused, OSError.
    """
    _claim(folder)
    with alone_in(folder):
        finish_interrupted(folder)
        stage = folder / STAGE
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir()
        try:
            manifest = unpack(file, stage)  # 1
            _look_into(stage, file, manifest, expected)  # 2
            _write_journal(folder, _journal(folder, manifest))  # 3
        except BaseException:
            shutil.rmtree(stage, ignore_errors=True)
            raise
        finish_interrupted(folder)  # 4, 5
    return manifest


def is_interrupted(folder: Path) -> bool:
    """Whether a restore was decided and is not done."""
    return (folder / JOURNAL).exists()


def finish_interrupted(folder: Path) -> None:
    """Do what the journal says, if there is one.

    Raises: SnapshotRefused, OSError.
    """
    journal, stage = folder / JOURNAL, folder / STAGE
    try:
        todo = msgspec.json.decode(journal.read_bytes(), type=Journal)
    except FileNotFoundError:
        return
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise SnapshotRefused(
            f"{journal} cannot be read: delete it and {stage}, then restore again"
        ) from None
    for name in todo.remove:
        (folder / name).unlink(missing_ok=True)
    for name in todo.place:
        try:
            # The old log beside the new database would be taken for its own.
            for companion in COMPANIONS if name in DATABASES and (stage / name).exists() else ():
                (folder / f"{name}{companion}").unlink(missing_ok=True)
            (stage / name).replace(folder / name)
        except FileNotFoundError:
            continue  # in its place already, before an interruption
    _sync(folder)
    journal.unlink(missing_ok=True)
    shutil.rmtree(stage, ignore_errors=True)


def _claim(folder: Path) -> None:
    """A folder that is ours, or one in which nothing is. Raises: SnapshotRefused."""
    if folder.is_dir() and any(folder.iterdir()):
        marked(folder)
        return
    folder.mkdir(parents=True, exist_ok=True)
    mark(folder)


def _look_into(stage: Path, file: Path, manifest: Manifest, expected: str) -> None:
    for path in databases(stage):
        with reading(path) as db:
            if (found := db.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise SnapshotRefused(f"{file} is refused: {path.name} in it is damaged: {found}")
    digest = content_digest(stage)
    if digest != manifest.digest or (expected and digest != expected):
        raise SnapshotRefused(
            f"{file} is refused: its content has the digest {digest}, expected {expected or manifest.digest}:"
            " use the backup that was meant"
        )


def _journal(folder: Path, manifest: Manifest) -> Journal:
    kept = is_served(folder) or bool(audit_files(folder))
    names = [member.name for member in manifest.members]
    place = [name for name in names if name in DATABASES or not kept]
    remove = [name for name in DATABASES if name not in names]
    extra = [f"{name}{companion}" for name in remove for companion in COMPANIONS]
    return Journal(tuple(place), tuple(remove + extra))


def _write_journal(folder: Path, journal: Journal) -> None:
    fresh = folder / f"{JOURNAL}.fresh"
    with fresh.open("wb") as opened:
        opened.write(msgspec.json.encode(journal))
        opened.flush()
        os.fsync(opened.fileno())
    _sync(folder / STAGE)
    fresh.replace(folder / JOURNAL)
    _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
