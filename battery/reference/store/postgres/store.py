"""The PostgreSQL store: each piece of work on one connection of a bounded pool."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from battery.reference.order import Order, OrderDraft, OrderPage, Placement
from battery.reference.pool.failure import PoolFailure
from battery.reference.pool.pool import Pool
from battery.reference.record import Keeping, Record, RecordDraft
from battery.reference.store.failure import KeyConflict, StoreBusy, StoreFull, StoreUnavailable
from battery.reference.store.postgres import orders, records, schema
from battery.reference.store.postgres.driver import DISK_FULL, ERRORS, Sql
from battery.reference.store.postgres.report import report
from battery.reference.store.postgres.session import Session, connect
from battery.reference.store.report import Report

POOL_SIZE, POOL_WAITERS, POOL_SECONDS = 8, 256, 1.0
_FAILURES: tuple[type[Exception], ...] = (OSError, *ERRORS)
T = TypeVar("T")
Work = Callable[[Sql], Awaitable[T]]


class PostgresStore:
    """Connects when it is first used: a service may start before its database."""

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        unique_records: bool = True,
        pool: type[Pool[Session]] = Pool,
        size: int = POOL_SIZE,
    ) -> None:
        """Raises: OSError when the data folder cannot be made."""
        self.folder, self._url, self._unique_records = folder, url, unique_records
        folder.mkdir(parents=True, exist_ok=True)
        self.pool = pool("postgresql", self._connect, size=size, waiters=POOL_WAITERS, patience=POOL_SECONDS)
        self._prepared = False
        self._preparing = asyncio.Lock()

    @property
    def lanes(self) -> tuple[Pool[Session], ...]:
        """Its one queue."""
        return (self.pool,)

    @property
    def pools(self) -> tuple[Pool[Session], ...]:
        """Its one pool."""
        return (self.pool,)

    async def place(self, draft: OrderDraft, key: str | None, created_at: str) -> Placement:
        """Put an order into the store, once for each key. Raises: KeyConflict."""
        placement = await self._run(lambda sql: orders.place(sql, draft, key, created_at))
        if placement is None:
            raise KeyConflict("this Idempotency-Key was used for another order")
        return placement

    async def find(self, number: int) -> Order | None:
        """The order with this id, if there is one."""
        return await self._run(lambda sql: orders.find(sql, number))

    async def page(self, after: int, limit: int) -> OrderPage:
        """Up to `limit` orders whose ids follow `after`."""
        return await self._run(lambda sql: orders.page(sql, after, limit))

    async def remove(self, number: int) -> bool:
        """Delete an order; whether there was one."""
        return await self._run(lambda sql: orders.remove(sql, number))

    async def sales(self) -> Report:
        """The sales report."""
        return await self._run(report)

    async def keep(self, draft: RecordDraft) -> Keeping:
        """Put a record into the store, once for each id of a run."""
        return await self._run(lambda sql: records.keep(sql, draft))

    async def kept(self, run: str) -> list[Record]:
        """The records of a run, oldest first."""
        return await self._run(lambda sql: records.kept(sql, run))

    async def read_probe(self) -> None:
        """Read from the tables that requests need."""
        await self._run(
            lambda sql: sql.fetchrow("SELECT writes, (SELECT max(id) FROM orders) FROM probe"),
            beyond_capacity=True,
        )

    async def write_probe(self) -> None:
        """Commit a row to disk."""
        await self._run(lambda sql: sql.execute("UPDATE probe SET writes = writes + 1"), beyond_capacity=True)

    async def finish(self) -> None:
        """Drop the connections: they belong to the event loop."""
        self.pool.close()

    def close(self) -> None:
        """Nothing is left."""

    async def _run(self, work: Work[T], *, beyond_capacity: bool = False) -> T:
        try:
            async with self.pool.lease(beyond_capacity=beyond_capacity) as session:
                return await work(session.sql)
        except PoolFailure as error:
            raise StoreBusy(str(error)) from error
        except DISK_FULL as error:
            raise StoreFull(str(error)) from error
        except TimeoutError as error:
            raise StoreUnavailable("the database did not answer in time") from error
        except _FAILURES as error:
            raise StoreUnavailable(str(error) or type(error).__name__) from error

    async def _connect(self) -> Session:
        session = await connect(self._url)
        try:
            async with self._preparing:
                if not self._prepared:
                    await schema.prepare(session.sql, unique_records=self._unique_records)
                    self._prepared = True
        except BaseException:
            session.discard()
            raise
        return session
