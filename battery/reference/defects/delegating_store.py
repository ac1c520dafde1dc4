"""A store that hands everything to another one, for a defect to change one thing."""

from pathlib import Path

from battery.reference.order import Order, OrderDraft, OrderPage, Placement
from battery.reference.pool.figures import PoolFigures
from battery.reference.record import Keeping, Record, RecordDraft
from battery.reference.store.interface import Crowd, Store
from battery.reference.store.report import Report


class DelegatingStore:
    """Implements `Store` over a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def folder(self) -> Path:
        """The data folder of the service."""
        return self._store.folder

    @property
    def lanes(self) -> tuple[Crowd, ...]:
        """Its queues."""
        return self._store.lanes

    @property
    def pools(self) -> tuple[PoolFigures, ...]:
        """Its pools."""
        return self._store.pools

    async def place(self, draft: OrderDraft, key: str | None, created_at: str) -> Placement:
        """Put an order into the store."""
        return await self._store.place(draft, key, created_at)

    async def find(self, number: int) -> Order | None:
        """The order with this id."""
        return await self._store.find(number)

    async def page(self, after: int, limit: int) -> OrderPage:
        """A page of orders."""
        return await self._store.page(after, limit)

    async def remove(self, number: int) -> bool:
        """Delete an order."""
        return await self._store.remove(number)

    async def sales(self) -> Report:
        """The sales report."""
        return await self._store.sales()

    async def keep(self, draft: RecordDraft) -> Keeping:
        """Put a record into the store."""
        return await self._store.keep(draft)

    async def kept(self, run: str) -> list[Record]:
        """The records of a run."""
        return await self._store.kept(run)

    async def read_probe(self) -> None:
        """Read."""
        await self._store.read_probe()

    async def write_probe(self) -> None:
        """Write."""
        await self._store.write_probe()

    async def finish(self) -> None:
        """Serving has ended."""
        await self._store.finish()

    def close(self) -> None:
        """Let go of everything."""
        self._store.close()
