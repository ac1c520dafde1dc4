"""A lane: one SQLite connection, one thread that uses it, and a bounded queue in front."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from battery.reference.store.failure import StoreBusy, StoreFull, StoreUnavailable

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class Lane:
    """Runs work in sequence on its own thread; `depth` and `refused` tell how crowded it is."""

    def __init__(
        self,
        name: str,
        connection: sqlite3.Connection,
        *,
        guard: Callable[[], None],
        capacity: int,
        patience: float,
    ) -> None:
        self.name, self.capacity, self.patience = name, capacity, patience
        self.depth = self.refused = 0
        self._connection, self._guard = connection, guard
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"lane-{name}")

    async def run(self, work: Work[T], *, beyond_capacity: bool = False) -> T:
        """What `work` returns; a health probe goes `beyond_capacity`, because full is not broken.

        Raises: StoreBusy, StoreUnavailable, and what `work` raises.
        """
        if self.depth >= self.capacity and not beyond_capacity:
            self.refused += 1
            raise StoreBusy(f"{self.depth} pieces of work wait in the {self.name} lane")
        self.depth += 1
        latest = time.monotonic() + self.patience
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, work, latest)
        finally:
            self.depth -= 1

    def close(self) -> None:
        """Finish what waits, then close the connection."""
        self._thread.shutdown()
        self._connection.close()

    def _do(self, work: Work[T], latest: float) -> T:
        if time.monotonic() > latest:
            raise StoreBusy(f"the {self.name} lane did not come to it within {self.patience:g} s")
        try:
            self._guard()
            result = work(self._connection)
            # Once more after the work: what went into a file that was moved away is not acknowledged.
            self._guard()
        except sqlite3.Error as error:
            raise _failure(error) from error
        return result


def _failure(error: sqlite3.Error) -> StoreUnavailable:
    full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return StoreFull(str(error)) if full else StoreUnavailable(str(error))
