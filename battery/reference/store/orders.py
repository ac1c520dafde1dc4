"""The SQL of orders; each function runs on a lane."""

import hashlib
import sqlite3

import msgspec

from battery.reference.order import Order, OrderDraft, OrderPage, Placement
from battery.reference.store.connection import transaction
from battery.reference.store.failure import KeyConflict

COLUMNS = "id, item, quantity, unit_price_cents, created_at"


def place(connection: sqlite3.Connection, draft: OrderDraft, key: str | None, created_at: str) -> Placement:
    """Put an order into the store, once for each key.

    Raises: KeyConflict when the key stands for another order.
    """
    with transaction(connection):
        if key is not None and (earlier := _answered(connection, draft, key)):
            return Placement(earlier, replayed=True)
        order = _insert(connection, draft, created_at)
        if key is not None:
            row = (key, digest(draft), msgspec.json.encode(order))
            connection.execute("INSERT INTO answered_keys VALUES (?, ?, ?)", row)
    return Placement(order, replayed=False)


def find(connection: sqlite3.Connection, number: int) -> Order | None:
    """The order with this id, if there is one."""
    row = connection.execute(f"SELECT {COLUMNS} FROM orders WHERE id = ?", (number,)).fetchone()  # noqa: S608 - constant columns
    return Order(*row) if row else None


def page(connection: sqlite3.Connection, after: int, limit: int) -> OrderPage:
    """Up to `limit` orders whose ids follow `after`."""
    query = f"SELECT {COLUMNS} FROM orders WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608 - constant columns
    # One row more than asked for tells whether there is a next page.
    found = [Order(*row) for row in connection.execute(query, (after, limit + 1))]
    orders = found[:limit]
    return OrderPage(orders, orders[-1].id if len(found) > limit else None)


def remove(connection: sqlite3.Connection, number: int) -> bool:
    """Delete the order with this id; whether there was one."""
    with transaction(connection):
        return connection.execute("DELETE FROM orders WHERE id = ?", (number,)).rowcount == 1


def _answered(connection: sqlite3.Connection, draft: OrderDraft, key: str) -> Order | None:
    query = "SELECT digest, answer FROM answered_keys WHERE key = ?"
    row = connection.execute(query, (key,)).fetchone()
    if row is None:
        return None
    if row[0] != digest(draft):
        raise KeyConflict("this Idempotency-Key was used for another order")
    return msgspec.json.decode(row[1], type=Order)


def _insert(connection: sqlite3.Connection, draft: OrderDraft, created_at: str) -> Order:
    values = (draft.item, draft.quantity, draft.unit_price_cents, created_at)
    statement = "INSERT INTO orders (item, quantity, unit_price_cents, created_at) VALUES (?, ?, ?, ?)"
    number = connection.execute(statement, values).lastrowid
    assert number is not None  # noqa: S101 - SQLite sets it on every insert
    return Order(number, *values)


def digest(draft: OrderDraft) -> bytes:
    """What tells two orders under one key apart."""
    return hashlib.sha256(msgspec.json.encode(draft)).digest()
