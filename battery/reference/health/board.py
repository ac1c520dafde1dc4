"""The board: which checks answer which question about the service."""

import asyncio

from battery.reference.dependency.link import DependencyLink
from battery.reference.health.check import HealthCheck, Outcome, examine
from battery.reference.health.database import DatabaseReads, DatabaseWrites
from battery.reference.health.dependency import DependencyAnswers
from battery.reference.health.disk import DiskRoom
from battery.reference.health.lanes import LaneRoom
from battery.reference.health.lifecycle import StaysUp
from battery.reference.lifecycle import Lifecycle
from battery.reference.store.interface import Store

LIMIT_SECONDS = 1.0


class HealthBoard:
    """Runs checks side by side, each within its time."""

    def __init__(
        self,
        store: Store,
        link: DependencyLink,
        lifecycle: Lifecycle,
        limit: float = LIMIT_SECONDS,
        modules: tuple[HealthCheck, ...] = (),
    ) -> None:
        """`modules` are parts that the service is not whole without, and can serve without."""
        self.disk = DiskRoom(store.folder)
        self._reads, self._writes = DatabaseReads(store), DatabaseWrites(store)
        self._lanes, self._limit = LaneRoom(store.lanes), limit
        self._stays, self._modules = StaysUp(lifecycle), modules
        self._answers = (DependencyAnswers(link),) if link.client else ()

    async def ready(self) -> list[Outcome]:
        """Can requests be served: the service stays, the database reads and writes, the dependency answers."""
        return await self._examine(self._stays, self._reads, self._writes, *self._answers)

    async def overall(self) -> list[Outcome]:
        """Everything that can be looked at without a write to disk: cheap enough to be asked often."""
        return await self._examine(self._reads, self.disk, self._lanes, *self._modules)

    async def everything(self) -> list[Outcome]:
        """Every check there is."""
        checks = (self._stays, self._reads, self._writes, self.disk, self._lanes)
        return await self._examine(*checks, *self._modules, *self._answers)

    async def _examine(self, *checks: HealthCheck) -> list[Outcome]:
        return list(await asyncio.gather(*(examine(check, self._limit) for check in checks)))
