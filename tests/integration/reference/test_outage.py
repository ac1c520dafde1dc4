"""When the database cannot serve."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from battery.reference.demo import ReferenceTarget

ORDER = {"item": "bolt", "quantity": 1, "unit_price_cents": 2}


@pytest.fixture
def file(target: ReferenceTarget) -> Path:
    return target.folder / "data" / "orders.sqlite3"


@pytest.fixture
def intruder(file: Path) -> Iterator[sqlite3.Connection]:
    """Someone else who opens the database."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


def _failing(client: httpx.Client) -> list[str]:
    answer = client.get("/api/health/ready")
    failing: list[str] = answer.json()["failing"]
    assert answer.status_code == (503 if failing else 200)
    assert client.get("/api/health/live").status_code == 200
    return failing


def test_a_locked_database_fails_ready_and_writes_but_not_live_and_reads(
    client: httpx.Client, intruder: sqlite3.Connection
) -> None:
    intruder.execute("BEGIN IMMEDIATE")
    assert _failing(client) == ["database_write"]
    refused = client.post("/api/orders", json=ORDER)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert client.get("/api/orders").status_code == 200
    intruder.execute("ROLLBACK")
    assert _failing(client) == []
    assert client.post("/api/orders", json=ORDER).status_code == 201


def test_a_database_that_was_moved_away_is_not_written_to(client: httpx.Client, file: Path) -> None:
    away = file.with_name("away")
    file.rename(away)
    assert _failing(client) == ["database_read", "database_write"]
    assert client.post("/api/orders", json=ORDER).status_code == 503
    away.rename(file)
    assert _failing(client) == []
    assert client.get("/api/orders").json()["orders"] == []


def test_a_database_that_was_replaced_is_noticed(client: httpx.Client, file: Path) -> None:
    copy = file.with_name("copy")
    copy.write_bytes(file.read_bytes())
    copy.replace(file)
    assert _failing(client) == ["database_read", "database_write"]
    assert client.post("/api/orders", json=ORDER).status_code == 503


def test_a_log_that_was_deleted_is_noticed(client: httpx.Client, file: Path) -> None:
    file.with_name("orders.sqlite3-wal").unlink()
    assert _failing(client) == ["database_read", "database_write"]
