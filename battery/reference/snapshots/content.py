"""What a data folder holds, and the digest over it."""

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from battery.reference.audit.log_file import LOCK
from battery.reference.queue.ledger import FILE as JOBS
from battery.reference.snapshots.failure import SnapshotRefused

DATABASES = ("jobs.sqlite3", "orders.sqlite3")
assert JOBS in DATABASES  # noqa: S101 - a renamed file would be left out of every backup
# Beside a database, SQLite's own; without it they mean nothing, and beside another one they do harm.
COMPANIONS = ("-wal", "-shm", "-journal")
_BUSY_SECONDS = 10.0
# Health checks write there; it is nobody's content.
_NOBODYS = ("probe",)
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%' ORDER BY name"


def databases(folder: Path) -> list[Path]:
    """The databases that are there."""
    return [folder / name for name in DATABASES if (folder / name).is_file()]


def audit_files(folder: Path) -> list[Path]:
    """The audit log with its head and its key, the head before the log: what is added later stands behind it."""
    found = (path for path in folder.glob("audit.*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in found if path.name != LOCK and path.suffix != ".fresh")


def is_served(folder: Path) -> bool:
    """Whether a running service holds the audit log of `folder`."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that reads one state of a database, whoever writes meanwhile, and never creates one.

    Raises: SnapshotRefused when it cannot be read.
    """
    try:
        with closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=_BUSY_SECONDS)
        ) as db:
            db.isolation_level = None
            db.execute("PRAGMA query_only = ON")
            yield db
    except sqlite3.Error as error:
        raise SnapshotRefused(f"{file} cannot be read: {error}") from error


def content_digest(folder: Path, *, with_audit: bool = False) -> str:
    """The sha256 over every row of every table, and over the audit log where it is asked for.

    Equal content has equal digests, however the files are laid out; health checks and restarts change nothing.

    Raises: SnapshotRefused when something cannot be read.
    """
    digest = hashlib.sha256()
    for file in databases(folder):
        digest.update(f"{file.name}\0{database_digest(file)}\n".encode())
    for file in audit_files(folder) if with_audit else ():
        digest.update(f"{file.name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return f"sha256:{digest.hexdigest()}"


def database_digest(file: Path) -> str:
    """The sha256 over the rows of one database. Raises: SnapshotRefused."""
    digest, encode = hashlib.sha256(), msgspec.msgpack.encode
    with reading(file) as db:
        db.execute("BEGIN")
        digest.update(encode(db.execute("PRAGMA user_version").fetchone()))
        tables = [name for (name,) in db.execute(_TABLES) if name not in _NOBODYS]
        for table in tables:
            columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
            digest.update(encode((table, columns)))
            order = ", ".join(str(place + 1) for place in range(len(columns)))
            for row in db.execute(f'SELECT * FROM "{table}" ORDER BY {order}'):  # nosec B608  # noqa: S608 - names of our own tables
                digest.update(encode(row))
        db.execute("COMMIT")
    return digest.hexdigest()
