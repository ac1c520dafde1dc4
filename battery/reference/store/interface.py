"""What the service asks of a store; SQLite and PostgreSQL implement it."""

from pathlib import Path
from typing import Protocol

from battery.reference.order import Order, OrderDraft, OrderPage, Placement
from battery.reference.pool.figures import PoolFigures
from battery.reference.record import Keeping, Record, RecordDraft
from battery.reference.store.report import Report


class Crowd(Protocol):
    """A queue in front of the database: how many use or await it, how many may, how many were refused."""

    @property
    def name(self) -> str:
        """Which queue."""
        ...

    @property
    def depth(self) -> int:
        """Work waiting or running."""
        ...

    @property
    def capacity(self) -> int:
        """Work that may wait or run."""
        ...

    @property
    def refused(self) -> int:
        """Work refused because there was no room."""
        ...


class RecordStore(Protocol):
    """Records; every method raises StoreFailure when the database cannot serve."""

    async def keep(self, draft: RecordDraft) -> Keeping:
        """Put a record into the store, once for each id of a run; it is on the disk when this returns."""
        ...

    async def kept(self, run: str) -> list[Record]:
        """The records of a run, in the order in which they were acknowledged."""
        ...


class Store(RecordStore, Protocol):
    """Orders and records; every method raises StoreFailure when the database cannot serve."""

    @property
    def folder(self) -> Path:
        """The data folder of the service."""
        ...

    @property
    def lanes(self) -> tuple[Crowd, ...]:
        """Its queues."""
        ...

    @property
    def pools(self) -> tuple[PoolFigures, ...]:
        """Its pools of connections, where there are any."""
        ...

    async def place(self, draft: OrderDraft, key: str | None, created_at: str) -> Placement:
        """Put an order into the store, once for each key. Raises: KeyConflict."""
        ...

    async def find(self, number: int) -> Order | None:
        """The order with this id, if there is one."""
        ...

    async def page(self, after: int, limit: int) -> OrderPage:
        """Up to `limit` orders whose ids follow `after`."""
        ...

    async def remove(self, number: int) -> bool:
        """Delete an order; whether there was one."""
        ...

    async def sales(self) -> Report:
        """The sales report."""
        ...

    async def read_probe(self) -> None:
        """Read from the tables that requests need."""
        ...

    async def write_probe(self) -> None:
        """Commit a row to disk."""
        ...

    async def finish(self) -> None:
        """Serving has ended: let go of what belongs to the event loop."""
        ...

    def close(self) -> None:
        """Let go of the rest."""
        ...
