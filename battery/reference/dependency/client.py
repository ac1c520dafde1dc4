"""The client of the dependency: every call goes through the breaker, a bounded pool and a time limit."""

import asyncio
from typing import TypeVar
from urllib.parse import quote

import msgspec

from battery.reference.dependency.breaker import Breaker
from battery.reference.dependency.failure import DependencyBusy, DependencyFailure
from battery.reference.dependency.prices import Companions, Price
from battery.reference.dependency.wire import Wire
from battery.reference.pool.failure import PoolFailure, PoolFull
from battery.reference.pool.pool import Pool

CALL_SECONDS = 0.5
CONNECT_SECONDS = 0.5
POOL_SIZE, POOL_WAITERS, POOL_SECONDS = 8, 64, 0.5
_FAILURES = (OSError, EOFError, msgspec.MsgspecError, asyncio.LimitOverrunError, PoolFailure)
T = TypeVar("T")


class Pong(msgspec.Struct, frozen=True):
    """The answer to a ping."""

    pong: bool


class DependencyClient:
    """Implements `Prices` over TCP."""

    def __init__(self, pool: Pool[Wire], breaker: Breaker, seconds: float = CALL_SECONDS) -> None:
        self.pool, self.breaker, self._seconds = pool, breaker, seconds
        self.answered = self.failed = 0

    async def price(self, item: str) -> Price:
        """The price of an item.

        Raises: DependencyFailure.
        """
        return await self._call(f"price {quote(item, safe='')}", Price)

    async def companions(self, item: str) -> Companions:
        """What goes well with an item.

        Raises: DependencyFailure.
        """
        return await self._call(f"companions {quote(item, safe='')}", Companions)

    async def ping(self) -> None:
        """Return when it answers.

        Raises: DependencyFailure.
        """
        await self._call("ping", Pong)

    async def _call(self, question: str, kind: type[T]) -> T:
        ticket = self.breaker.admit()
        try:
            answer = await self._exchange(question, kind)
        except PoolFull as error:
            # Our own crowd: it says nothing about the dependency.
            self.breaker.abandoned(ticket)
            raise DependencyBusy(str(error)) from None
        except _FAILURES as error:
            self.failed += 1
            self.breaker.failed(ticket)
            raise DependencyFailure(_reason(error)) from error
        except BaseException:
            self.breaker.abandoned(ticket)
            raise
        self.answered += 1
        self.breaker.succeeded(ticket)
        return answer

    async def _exchange(self, question: str, kind: type[T]) -> T:
        async with self.pool.lease() as wire, asyncio.timeout(self._seconds):
            return msgspec.json.decode(await wire.ask(question), type=kind)


def _reason(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "the dependency did not answer in time"
    if isinstance(error, EOFError):
        return "the dependency closed the connection"
    return str(error)
