"""The SQLite store: its file, its three lanes, and what runs on which."""

import sqlite3
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from battery.reference.order import Order, OrderDraft, OrderPage, Placement
from battery.reference.pool.figures import PoolFigures
from battery.reference.record import Keeping, Record, RecordDraft
from battery.reference.store import orders, probe, records
from battery.reference.store.connection import open_connection
from battery.reference.store.failure import StoreUnavailable
from battery.reference.store.lane import Lane
from battery.reference.store.place import FilesInPlace
from battery.reference.store.report import Report, report
from battery.reference.store.schema import prepare

PATIENCE_SECONDS = 2.0


class Database:
    """Three lanes over one file: one writes, one reads, and one reports, so that a report holds up no read."""

    def __init__(self, folder: Path, *, unique_records: bool = True) -> None:
        """Open the database in `folder`, creating both where they are missing.

        Raises: OSError or StoreUnavailable when that is not possible.
        """
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "orders.sqlite3"
        with ExitStack() as on_failure:
            try:
                writer, reader, reporter = (self._open(file, on_failure, read_only=i > 0) for i in range(3))
                prepare(writer, unique_records=unique_records)
                probe.write_probe(writer)
            except sqlite3.Error as error:
                raise StoreUnavailable(f"{file}: {error}") from error
            # The probe has just written: the log exists from here until the last connection closes.
            guard = FilesInPlace(file, file.with_name(f"{file.name}-wal")).check
            on_failure.pop_all()
        self.write = Lane("write", writer, guard=guard, capacity=64, patience=PATIENCE_SECONDS)
        self.read = Lane("read", reader, guard=guard, capacity=256, patience=PATIENCE_SECONDS)
        self.report = Lane("report", reporter, guard=guard, capacity=256, patience=PATIENCE_SECONDS)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All of them."""
        return (self.write, self.read, self.report)

    @property
    def pools(self) -> tuple[PoolFigures, ...]:
        """None: each lane has the one connection that it keeps."""
        return ()

    async def place(self, draft: OrderDraft, key: str | None, created_at: str) -> Placement:
        """Put an order into the store, once for each key."""
        return await self.write.run(partial(orders.place, draft=draft, key=key, created_at=created_at))

    async def find(self, number: int) -> Order | None:
        """The order with this id, if there is one."""
        return await self.read.run(partial(orders.find, number=number))

    async def page(self, after: int, limit: int) -> OrderPage:
        """Up to `limit` orders whose ids follow `after`."""
        return await self.read.run(partial(orders.page, after=after, limit=limit))

    async def remove(self, number: int) -> bool:
        """Delete an order; whether there was one."""
        return await self.write.run(partial(orders.remove, number=number))

    async def sales(self) -> Report:
        """The sales report."""
        return await self.report.run(report)

    async def keep(self, draft: RecordDraft) -> Keeping:
        """Put a record into the store, once for each id of a run."""
        return await self.write.run(partial(records.keep, draft=draft))

    async def kept(self, run: str) -> list[Record]:
        """The records of a run, oldest first."""
        return await self.read.run(partial(records.kept, run=run))

    async def read_probe(self) -> None:
        """Read from the tables that requests need."""
        await self.read.run(probe.read_probe, beyond_capacity=True)

    async def write_probe(self) -> None:
        """Commit a row to disk."""
        await self.write.run(probe.write_probe, beyond_capacity=True)

    async def finish(self) -> None:
        """Nothing of it belongs to the event loop."""

    def close(self) -> None:
        """Finish what waits in the lanes and close the file."""
        for lane in self.lanes:
            lane.close()

    @staticmethod
    def _open(file: Path, on_failure: ExitStack, *, read_only: bool) -> sqlite3.Connection:
        connection = open_connection(file, read_only=read_only)
        on_failure.callback(connection.close)
        return connection
