"""The SQL of the sales report in PostgreSQL."""

from battery.reference.store.postgres.driver import Sql
from battery.reference.store.report import RECENT_ORDERS, ItemSales, PriceTrend, Report, assembled

_SALES = """
WITH recent AS (SELECT item, quantity, unit_price_cents FROM orders ORDER BY id DESC LIMIT $1)
SELECT item, count(*), sum(quantity)::bigint, sum(quantity * unit_price_cents)::bigint AS revenue
FROM recent GROUP BY item ORDER BY revenue DESC, item
"""
_TRENDS = """
WITH smoothed AS (
    SELECT item, cents,
           avg(cents) OVER (PARTITION BY item ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS week
    FROM prices)
SELECT item, round(avg(cents), 2)::float8, round(max(abs(cents - week)), 2)::float8
FROM smoothed GROUP BY item ORDER BY item
"""


async def report(connection: Sql) -> Report:
    """Compute the report."""
    sales = [ItemSales(*row) for row in await connection.fetch(_SALES, RECENT_ORDERS)]
    trends = [PriceTrend(*row) for row in await connection.fetch(_TRENDS)]
    return assembled(sales, trends)
