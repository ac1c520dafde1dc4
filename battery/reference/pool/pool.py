"""The pool: so many connections at most, so many who wait for one, and so long."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Generic, Protocol, TypeVar

from battery.reference.pool.failure import PoolFull, PoolTimeout


class Connection(Protocol):
    """What a pool must know of a connection."""

    def usable(self) -> bool:
        """Whether it still stands, as far as this side can see."""
        ...

    def discard(self) -> None:
        """Drop it at once."""
        ...


C = TypeVar("C", bound=Connection)


class Pool(Generic[C]):
    """Hands out connections one user at a time; one that has seen an error is dropped and never reused."""

    def __init__(
        self, name: str, connect: Callable[[], Awaitable[C]], *, size: int, waiters: int, patience: float
    ) -> None:
        self.name, self.size, self.capacity, self.patience = name, size, size + waiters, patience
        self.depth = self.in_use = self.refused = self.timeouts = 0
        self._connect, self._waiters = connect, waiters
        self._free = asyncio.Semaphore(size)
        self._idle: deque[C] = deque()

    @property
    def idle(self) -> int:
        """Connections that stand open and wait for use."""
        return len(self._idle)

    @asynccontextmanager
    async def lease(self, *, beyond_capacity: bool = False) -> AsyncIterator[C]:
        """A connection for the block; a health probe goes `beyond_capacity`, because full is not broken.

        Raises: PoolFull, PoolTimeout, and what opening a connection raises.
        """
        if self.depth >= self.capacity and not beyond_capacity:
            self.refused += 1
            raise PoolFull(f"{self.depth} users hold or await a connection of the {self.name} pool")
        self.depth += 1
        try:
            await self._wait_for_a_place()
            async with self._connection() as connection:
                yield connection
        finally:
            self.depth -= 1

    def close(self) -> None:
        """Drop the idle connections; those in use are dropped by who uses them."""
        while self._idle:
            self._idle.pop().discard()

    async def _wait_for_a_place(self) -> None:
        try:
            async with asyncio.timeout(self.patience):
                await self._free.acquire()
        except TimeoutError:
            self.timeouts += 1
            raise PoolTimeout(f"no {self.name} connection became free within {self.patience:g} s") from None
        self.in_use += 1

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[C]:
        connection: C | None = None
        try:
            connection = self._reusable() or await self._connect()
            yield connection
        except BaseException:
            self._after_error(connection)
            raise
        self._idle.append(connection)
        self._leave()

    def _reusable(self) -> C | None:
        # The last one used is the likeliest to stand; those that fell while idle are dropped on the way.
        while self._idle:
            connection = self._idle.pop()
            if connection.usable():
                return connection
            connection.discard()
        return None

    def _after_error(self, connection: C | None) -> None:
        """Give the place back; what an interrupted exchange left on the wire must not answer the next one."""
        if connection is not None:
            connection.discard()
        self._leave()

    def _leave(self) -> None:
        self.in_use -= 1
        self._free.release()
