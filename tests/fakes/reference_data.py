"""Writing into and reading from a data folder behind the service's back."""

import sqlite3
from contextlib import closing
from pathlib import Path


def add_record(folder: Path, name: str) -> None:
    """One record more."""
    with closing(sqlite3.connect(folder / "orders.sqlite3")) as connection, connection:
        connection.execute("INSERT INTO records (run, id) VALUES ('r', ?)", (name,))


def records_in(folder: Path) -> list[str]:
    """Their ids."""
    with closing(sqlite3.connect(folder / "orders.sqlite3")) as connection:
        return [name for (name,) in connection.execute("SELECT id FROM records ORDER BY sequence")]
