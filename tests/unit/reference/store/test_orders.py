"""The SQL of orders."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from battery.reference.order import OrderDraft, OrderPage
from battery.reference.store import orders
from battery.reference.store.connection import open_connection
from battery.reference.store.failure import KeyConflict
from battery.reference.store.report import RECENT_ORDERS, report
from battery.reference.store.schema import prepare

BOLT, NUT = OrderDraft("bolt", 3, 20), OrderDraft("nut", 1, 5)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_connection(tmp_path / "db")) as connection:
        prepare(connection)
        yield connection


def _place(connection: sqlite3.Connection, draft: OrderDraft = BOLT, key: str | None = None) -> int:
    return orders.place(connection, draft, key, "now").order.id


def test_a_placed_order_is_found(connection: sqlite3.Connection) -> None:
    placement = orders.place(connection, BOLT, None, "now")
    assert orders.find(connection, placement.order.id) == placement.order
    assert not placement.replayed


def test_a_retry_with_its_key_finds_the_order_of_the_first_request(connection: sqlite3.Connection) -> None:
    first = orders.place(connection, BOLT, "k", "now")
    retry = orders.place(connection, BOLT, "k", "later")
    assert (retry.order, retry.replayed) == (first.order, True)
    assert len(orders.page(connection, 0, 10).orders) == 1


def test_a_retry_after_deletion_brings_nothing_back(connection: sqlite3.Connection) -> None:
    number = _place(connection, key="k")
    assert orders.remove(connection, number)
    assert orders.place(connection, BOLT, "k", "later").order.id == number
    assert orders.find(connection, number) is None


def test_a_key_stands_for_one_order_only(connection: sqlite3.Connection) -> None:
    _place(connection, key="k")
    with pytest.raises(KeyConflict):
        _place(connection, NUT, key="k")
    assert not connection.in_transaction


def test_without_a_key_each_request_is_an_order(connection: sqlite3.Connection) -> None:
    assert _place(connection) != _place(connection)


def test_an_id_is_never_given_twice(connection: sqlite3.Connection) -> None:
    number = _place(connection)
    orders.remove(connection, number)
    assert _place(connection) > number


def test_removing_what_is_not_there_says_so(connection: sqlite3.Connection) -> None:
    assert not orders.remove(connection, 1)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6])
def test_following_the_pages_meets_each_order_once(connection: sqlite3.Connection, limit: int) -> None:
    placed = [_place(connection) for _ in range(5)]
    met: list[int] = []
    after: int | None = 0
    while after is not None:
        page: OrderPage = orders.page(connection, after, limit)
        met += [order.id for order in page.orders]
        after = page.next
    assert met == placed


def test_a_report_of_an_empty_store_still_has_the_price_list(connection: sqlite3.Connection) -> None:
    made = report(connection)
    assert (made.orders, made.revenue_cents, made.best_items) == (0, 0, [])
    assert len(made.prices) == 20


def test_a_report_adds_up_what_items_brought_in(connection: sqlite3.Connection) -> None:
    for draft in (NUT, BOLT, BOLT):
        _place(connection, draft)
    made = report(connection)
    assert (made.orders, made.revenue_cents) == (3, 125)
    assert [(item.item, item.revenue_cents) for item in made.best_items] == [("bolt", 120), ("nut", 5)]


def test_a_report_looks_at_a_bounded_number_of_orders(connection: sqlite3.Connection) -> None:
    rows = [(1,)] * (RECENT_ORDERS + 5)
    connection.executemany("INSERT INTO orders VALUES (NULL, 'bolt', ?, 1, 'now')", rows)
    assert report(connection).orders == RECENT_ORDERS
