"""The ledger: the queue's file, and the lane that works on it."""

import sqlite3
from functools import partial
from pathlib import Path

from battery.reference.queue import rows
from battery.reference.queue.job import Acceptance, Backlog, Job, JobDraft, Totals
from battery.reference.queue.rows import KEPT
from battery.reference.queue.schema import prepare
from battery.reference.store.connection import open_connection
from battery.reference.store.failure import StoreUnavailable
from battery.reference.store.lane import Lane
from battery.reference.store.place import FilesInPlace

FILE = "jobs.sqlite3"
# Requests that may wait for their commit at once; the rest is refused as busy.
WAITING, PATIENCE_SECONDS = 64, 2.0
_IN_MEMORY = Path(":memory:")


class Ledger:
    """Every job that was accepted and is not forgotten; each method raises StoreFailure when the file cannot serve."""

    def __init__(
        self, folder: Path, *, durable: bool = True, waiting: int = WAITING, kept: int = KEPT
    ) -> None:
        """Open the file in `folder`; a defect wants it kept in memory only.

        Raises: StoreUnavailable when that is not possible.
        """
        self._kept = kept
        file = folder / FILE if durable else _IN_MEMORY
        try:
            connection = open_connection(file)
        except sqlite3.Error as error:
            raise StoreUnavailable(f"{file}: {error}") from error
        try:
            prepare(connection)
            self._places = FilesInPlace(*(file, file.with_name(f"{FILE}-wal")) if durable else ())
        except sqlite3.Error as error:
            connection.close()
            raise StoreUnavailable(f"{file}: {error}") from error
        except StoreUnavailable:
            connection.close()
            raise
        self.lane = Lane(
            "jobs", connection, guard=self._places.check, capacity=waiting, patience=PATIENCE_SECONDS
        )

    def check(self) -> None:
        """Raises: StoreUnavailable when its file is not the one that was opened."""
        self._places.check()

    async def accept(self, draft: JobDraft, key: str | None, bound: float, now: float) -> Acceptance:
        """Put a job on the disk. Raises: QueueFull, KeyConflict."""
        return await self.lane.run(partial(rows.accept, draft=draft, key=key, bound=bound, now=now))

    async def take(self) -> tuple[Job | None, Backlog]:
        """The next job to do, if there is one."""
        return await self.lane.run(rows.take, beyond_capacity=True)

    async def finish(self, number: int, now: float) -> tuple[bool, Backlog]:
        """Make the job's effect and its end durable, together."""
        return await self.lane.run(
            partial(rows.finish, number=number, now=now, kept=self._kept), beyond_capacity=True
        )

    async def find(self, number: int) -> Job | None:
        """The job with this id, if it is known."""
        return await self.lane.run(partial(rows.find, number=number))

    async def totals(self) -> Totals:
        """What was done in all."""
        return await self.lane.run(rows.totals)

    def close(self) -> None:
        """Finish what waits on the lane and close the file."""
        self.lane.close()
