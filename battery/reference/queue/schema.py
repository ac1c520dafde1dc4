"""The tables of the queue, in a file of their own beside the orders."""

import sqlite3

from battery.reference.store.connection import transaction
from battery.reference.store.failure import StoreUnavailable

SCHEMA_VERSION = 1
_TABLES = (
    """CREATE TABLE jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT UNIQUE,
        item TEXT NOT NULL,
        pieces INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done')),
        attempts INTEGER NOT NULL DEFAULT 0,
        accepted_at REAL NOT NULL,
        finished_at REAL,
        stock INTEGER) STRICT""",
    # What is asked with each job: as small as the backlog, however many jobs are done.
    "CREATE INDEX unfinished ON jobs (id, accepted_at) WHERE state <> 'done'",
    "CREATE TABLE stock (item TEXT PRIMARY KEY, pieces INTEGER NOT NULL) STRICT",
    """CREATE TABLE totals (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        done INTEGER NOT NULL,
        booked INTEGER NOT NULL,
        pieces INTEGER NOT NULL) STRICT""",
    "INSERT INTO totals VALUES (1, 0, 0, 0)",
    # Bookings are counted where stock changes and not where a job ends: that both agree means something.
    """CREATE TRIGGER first_booking AFTER INSERT ON stock BEGIN
        UPDATE totals SET booked = booked + 1, pieces = pieces + new.pieces; END""",
    """CREATE TRIGGER next_booking AFTER UPDATE ON stock BEGIN
        UPDATE totals SET booked = booked + 1, pieces = pieces + new.pieces - old.pieces; END""",
)


def prepare(connection: sqlite3.Connection) -> None:
    """Create the tables in a fresh file.

    Raises: StoreUnavailable when the file was made by another version of this service.
    """
    with transaction(connection):
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found == SCHEMA_VERSION:
            return
        if found != 0:
            raise StoreUnavailable(f"the queue has schema {found}, this service needs {SCHEMA_VERSION}")
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
