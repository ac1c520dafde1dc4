"""The SQLite store when its file is not what it should be."""

import asyncio
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from battery.reference.store.connection import transaction
from battery.reference.store.database import Database
from battery.reference.store.failure import StoreBusy, StoreUnavailable
from battery.reference.store.opening import open_store


def test_a_file_that_is_no_database_or_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "orders.sqlite3").write_bytes(b"no database at all, but long enough to be taken for one")
    with pytest.raises(StoreUnavailable, match=r"orders\.sqlite3"):
        Database(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    with closing(sqlite3.connect(other / "orders.sqlite3")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreUnavailable, match="schema 99"):
        Database(other)


def test_a_file_that_is_replaced_acknowledges_nothing(database: Database, runner: asyncio.Runner) -> None:
    file = database.folder / "orders.sqlite3"
    file.rename(file.with_suffix(".moved"))
    file.touch()
    with pytest.raises(StoreUnavailable, match="was replaced"):
        runner.run(database.write_probe())


def test_work_that_waited_too_long_is_not_begun(database: Database, runner: asyncio.Runner) -> None:
    database.read.patience = -1.0
    with pytest.raises(StoreBusy, match="did not come to it"):
        runner.run(database.find(1))


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (x)")
        with suppress(sqlite3.OperationalError), transaction(connection):
            connection.execute("INSERT INTO t VALUES (1)")
            connection.execute("INSERT INTO nowhere VALUES (1)")
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_an_address_that_cannot_be_understood_is_refused_and_not_shown(tmp_path: Path) -> None:
    word = "secret"
    for url in (f"mysql://me:{word}@h/x", f"postgresql://me:{word}@h:none/x"):
        with pytest.raises(StoreUnavailable, match="cannot be understood") as refused:
            open_store(tmp_path, url)
        assert word not in str(refused.value)


def test_without_an_address_it_is_sqlite(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "data")) as store:
        assert (store.pools, store.folder) == ((), tmp_path / "data")
