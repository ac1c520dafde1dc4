"""Opening the database."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from battery.reference.order import OrderDraft
from battery.reference.store import orders
from battery.reference.store.database import Database
from battery.reference.store.failure import StoreUnavailable

DRAFT = OrderDraft("bolt", 1, 2)


def test_what_was_stored_is_there_after_reopening(tmp_path: Path, runner: asyncio.Runner) -> None:
    with closing(Database(tmp_path)) as database:
        placed = runner.run(database.write.run(lambda c: orders.place(c, DRAFT, None, "now")))
    with closing(Database(tmp_path)) as database:
        assert runner.run(database.read.run(lambda c: orders.find(c, placed.order.id))) == placed.order


def test_a_commit_reaches_the_disk_before_it_is_acknowledged(
    database: Database, runner: asyncio.Runner
) -> None:
    def settings(connection: sqlite3.Connection) -> list[object]:
        return [
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        ]

    assert runner.run(database.write.run(settings)) == ["wal", 2]


@pytest.mark.parametrize("lane", ["read", "report"])
def test_only_the_write_lane_writes(database: Database, runner: asyncio.Runner, lane: str) -> None:
    with pytest.raises(StoreUnavailable, match="readonly"):
        runner.run(getattr(database, lane).run(lambda c: c.execute("DELETE FROM orders")))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "orders.sqlite3").write_bytes(b"not a database " * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        Database(tmp_path)


def test_a_database_of_another_version_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "orders.sqlite3")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreUnavailable, match="schema 99"):
        Database(tmp_path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(OSError, match="data"):
        Database(tmp_path / "data")
