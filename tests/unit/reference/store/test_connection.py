"""Transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from battery.reference.store.connection import open_connection, transaction


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_connection(tmp_path / "db")) as connection:
        connection.execute("CREATE TABLE t (n INTEGER)")
        yield connection


def _count(connection: sqlite3.Connection) -> object:
    return connection.execute("SELECT count(*) FROM t").fetchone()[0]


def test_what_a_block_did_is_kept(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        connection.execute("INSERT INTO t VALUES (1)")
    assert _count(connection) == 1


def _fail_after(connection: sqlite3.Connection, statement: str) -> None:
    with transaction(connection):
        connection.execute(statement)
        raise ZeroDivisionError


def test_nothing_is_kept_of_a_block_that_failed(connection: sqlite3.Connection) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_after(connection, "INSERT INTO t VALUES (1)")
    assert _count(connection) == 0


def test_a_rollback_that_happened_already_is_not_done_again(connection: sqlite3.Connection) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_after(connection, "ROLLBACK")
    assert not connection.in_transaction
