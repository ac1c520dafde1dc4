"""An outage that the service never gets over."""

from collections.abc import Awaitable
from typing import TypeVar

from battery.reference.defects.defect import Defect
from battery.reference.defects.delegating_store import DelegatingStore
from battery.reference.dependency.failure import BreakerOpen, DependencyFailure
from battery.reference.dependency.prices import Companions, Price, Prices
from battery.reference.order import Order, OrderDraft, OrderPage, Placement
from battery.reference.record import Keeping, Record, RecordDraft
from battery.reference.store.failure import StoreUnavailable
from battery.reference.store.interface import Store
from battery.reference.store.report import Report

DEFECT = Defect(
    name="no_recovery",
    title="after the first outage of the database or of the dependency it stays broken until it is restarted",
    instrument="chaos",
)
# One failure is bad luck, a row of them is an outage.
OUTAGE = 3
T = TypeVar("T")


class StuckStore(DelegatingStore):
    """Fails for ever once it has failed."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._row, self._stuck = 0, False

    async def place(self, draft: OrderDraft, key: str | None, created_at: str) -> Placement:
        """Put an order into the store."""
        return await self._unless_stuck(super().place(draft, key, created_at))

    async def find(self, number: int) -> Order | None:
        """The order with this id."""
        return await self._unless_stuck(super().find(number))

    async def page(self, after: int, limit: int) -> OrderPage:
        """A page of orders."""
        return await self._unless_stuck(super().page(after, limit))

    async def remove(self, number: int) -> bool:
        """Delete an order."""
        return await self._unless_stuck(super().remove(number))

    async def sales(self) -> Report:
        """The sales report."""
        return await self._unless_stuck(super().sales())

    async def keep(self, draft: RecordDraft) -> Keeping:
        """Put a record into the store."""
        return await self._unless_stuck(super().keep(draft))

    async def kept(self, run: str) -> list[Record]:
        """The records of a run."""
        return await self._unless_stuck(super().kept(run))

    async def read_probe(self) -> None:
        """Read."""
        await self._unless_stuck(super().read_probe())

    async def write_probe(self) -> None:
        """Write."""
        await self._unless_stuck(super().write_probe())

    async def _unless_stuck(self, work: Awaitable[T]) -> T:
        try:
            result = await work
        except StoreUnavailable:
            self._row += 1
            self._stuck |= self._row >= OUTAGE
            raise
        if self._stuck:
            raise StoreUnavailable("the database was lost")
        self._row = 0
        return result


class StuckPrices:
    """Fails for ever once it has failed."""

    def __init__(self, prices: Prices) -> None:
        self._prices, self._stuck = prices, False

    async def price(self, item: str) -> Price:
        """The price of an item."""
        return await self._unless_stuck(self._prices.price(item))

    async def companions(self, item: str) -> Companions:
        """What goes well with an item."""
        return await self._unless_stuck(self._prices.companions(item))

    async def ping(self) -> None:
        """Return when it answers."""
        await self._unless_stuck(self._prices.ping())

    async def _unless_stuck(self, work: Awaitable[T]) -> T:
        try:
            result = await work
        except BreakerOpen:
            # The breaker has seen the row of failures that makes an outage.
            self._stuck = True
            raise
        if self._stuck:
            raise DependencyFailure("the dependency was lost")
        return result
