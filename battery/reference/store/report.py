"""The SQL of the sales report: heavy on purpose, and bounded however many orders there are."""

import sqlite3

import msgspec

RECENT_ORDERS = 1_000


class ItemSales(msgspec.Struct, frozen=True):
    """What one item brought in among the recent orders."""

    item: str
    orders: int
    quantity: int
    revenue_cents: int


class PriceTrend(msgspec.Struct, frozen=True):
    """How the list price of one item moved: the mean, and the widest gap to its seven-day mean."""

    item: str
    mean_cents: float
    swing_cents: float


class Report(msgspec.Struct, frozen=True):
    """The sales report over the most recent orders and the price list."""

    orders: int
    revenue_cents: int
    best_items: list[ItemSales]
    prices: list[PriceTrend]


_SALES = """
WITH recent AS (SELECT item, quantity, unit_price_cents FROM orders ORDER BY id DESC LIMIT ?)
SELECT item, count(*), sum(quantity), sum(quantity * unit_price_cents) AS revenue
FROM recent GROUP BY item ORDER BY revenue DESC, item
"""
_TRENDS = """
WITH smoothed AS (
    SELECT item, cents,
           avg(cents) OVER (PARTITION BY item ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS week
    FROM prices)
SELECT item, round(avg(cents), 2), round(max(abs(cents - week)), 2) FROM smoothed GROUP BY item ORDER BY item
"""


def report(connection: sqlite3.Connection) -> Report:
    """Compute the report."""
    sales = [ItemSales(*row) for row in connection.execute(_SALES, (RECENT_ORDERS,))]
    trends = [PriceTrend(*row) for row in connection.execute(_TRENDS)]
    return assembled(sales, trends)


def assembled(sales: list[ItemSales], trends: list[PriceTrend]) -> Report:
    """The report over what the queries found."""
    return Report(
        orders=sum(item.orders for item in sales),
        revenue_cents=sum(item.revenue_cents for item in sales),
        best_items=sales[:10],
        prices=trends,
    )
