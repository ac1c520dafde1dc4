"""The tables, and the price list that a fresh database starts with."""

import sqlite3
from collections.abc import Iterator

from battery.reference.store.connection import transaction
from battery.reference.store.failure import StoreUnavailable

SCHEMA_VERSION = 2
_TABLES = (
    """CREATE TABLE orders (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        item TEXT NOT NULL,
        quantity INTEGER NOT NULL,
        unit_price_cents INTEGER NOT NULL,
        created_at TEXT NOT NULL) STRICT""",
    # The answer is kept with the key: a retry gets it even when the order was deleted in between.
    "CREATE TABLE answered_keys (key TEXT PRIMARY KEY, digest BLOB NOT NULL, answer BLOB NOT NULL) STRICT",
    """CREATE TABLE prices (
        item TEXT NOT NULL,
        day INTEGER NOT NULL,
        cents INTEGER NOT NULL,
        PRIMARY KEY (item, day)) STRICT, WITHOUT ROWID""",
    # Whatever order records are acknowledged in, a later one has a larger sequence.
    """CREATE TABLE records (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        run TEXT NOT NULL,
        id TEXT NOT NULL) STRICT""",
    "CREATE TABLE probe (one INTEGER PRIMARY KEY CHECK (one = 1), writes INTEGER NOT NULL) STRICT",
    "INSERT INTO probe VALUES (1, 0)",
)
_KEYS_ARE_UNIQUE = "CREATE UNIQUE INDEX records_by_key ON records (run, id)"
_KEYS_MAY_REPEAT = "CREATE INDEX records_by_key ON records (run, id)"
_ITEMS, _DAYS = 20, 100


def prepare(connection: sqlite3.Connection, *, unique_records: bool = True) -> None:
    """Create the tables in a fresh database; a defect wants records without a unique key.

    Raises: StoreUnavailable when the database was made by another version of this service.
    """
    with transaction(connection):
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found == SCHEMA_VERSION:
            return
        if found != 0:
            raise StoreUnavailable(f"the database has schema {found}, this service needs {SCHEMA_VERSION}")
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute(_KEYS_ARE_UNIQUE if unique_records else _KEYS_MAY_REPEAT)
        connection.executemany("INSERT INTO prices VALUES (?, ?, ?)", price_list())
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def price_list() -> Iterator[tuple[str, int, int]]:
    """Prices that move from day to day, the same in every database: a report has something to work on."""
    for number in range(_ITEMS):
        for day in range(_DAYS):
            yield f"item-{number:02}", day, 1_000 + number * 100 + (day * (number + 7)) % 97
