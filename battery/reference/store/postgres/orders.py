"""The SQL of orders in PostgreSQL."""

from typing import Any

import msgspec

from battery.reference.order import Order, OrderDraft, OrderPage, Placement
from battery.reference.store.orders import COLUMNS, digest
from battery.reference.store.postgres.driver import Sql

_INSERT = """INSERT INTO orders (item, quantity, unit_price_cents, created_at)
VALUES ($1, $2, $3, $4) RETURNING id"""


async def place(connection: Sql, draft: OrderDraft, key: str | None, created_at: str) -> Placement | None:
    """Put an order into the store, once for each key; None when the key stands for another order."""
    async with connection.transaction():
        if key is None:
            return Placement(await _insert(connection, draft, created_at), replayed=False)
        # Two requests with one key wait for each other here, so that the second finds what the first left.
        await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 727))", key)
        row = await connection.fetchrow("SELECT digest, answer FROM answered_keys WHERE key = $1", key)
        if row is not None:
            return _replayed(row, draft)
        order = await _insert(connection, draft, created_at)
        answer = msgspec.json.encode(order)
        await connection.execute("INSERT INTO answered_keys VALUES ($1, $2, $3)", key, digest(draft), answer)
    return Placement(order, replayed=False)


async def find(connection: Sql, number: int) -> Order | None:
    """The order with this id, if there is one."""
    row = await connection.fetchrow(f"SELECT {COLUMNS} FROM orders WHERE id = $1", number)  # noqa: S608 - constant columns
    return Order(*row) if row else None


async def page(connection: Sql, after: int, limit: int) -> OrderPage:
    """Up to `limit` orders whose ids follow `after`."""
    query = f"SELECT {COLUMNS} FROM orders WHERE id > $1 ORDER BY id LIMIT $2"  # noqa: S608 - constant columns
    found = [Order(*row) for row in await connection.fetch(query, after, limit + 1)]
    orders = found[:limit]
    return OrderPage(orders, orders[-1].id if len(found) > limit else None)


async def remove(connection: Sql, number: int) -> bool:
    """Delete the order with this id; whether there was one."""
    return await connection.execute("DELETE FROM orders WHERE id = $1", number) == "DELETE 1"


async def _insert(connection: Sql, draft: OrderDraft, created_at: str) -> Order:
    values = (draft.item, draft.quantity, draft.unit_price_cents, created_at)
    return Order(await connection.fetchval(_INSERT, *values), *values)


def _replayed(row: Any, draft: OrderDraft) -> Placement | None:
    if row["digest"] != digest(draft):
        return None
    return Placement(msgspec.json.decode(row["answer"], type=Order), replayed=True)
