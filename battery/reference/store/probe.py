"""Asking the database whether it still reads and writes; each function runs on a lane."""

import sqlite3

from battery.reference.store.connection import transaction


def read_probe(connection: sqlite3.Connection) -> None:
    """Read from the tables that requests need."""
    connection.execute("SELECT writes FROM probe").fetchone()
    connection.execute("SELECT id FROM orders ORDER BY id DESC LIMIT 1").fetchone()


def write_probe(connection: sqlite3.Connection) -> None:
    """Commit a row to disk."""
    with transaction(connection):
        connection.execute("UPDATE probe SET writes = writes + 1")
