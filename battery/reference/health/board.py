"""The board: which checks answer which question about the service."""

import asyncio

from battery.reference.health.check import HealthCheck, Outcome, examine
from battery.reference.health.database import DatabaseReads, DatabaseWrites
from battery.reference.health.disk import DiskRoom
from battery.reference.health.lanes import LaneRoom
from battery.reference.store.database import Database

LIMIT_SECONDS = 1.0


class HealthBoard:
    """Runs checks side by side, each within its time."""

    def __init__(self, database: Database, limit: float = LIMIT_SECONDS) -> None:
        self.disk = DiskRoom(database.folder)
        self._reads, self._writes = DatabaseReads(database.read), DatabaseWrites(database.write)
        self._lanes, self._limit = LaneRoom(database.lanes), limit

    async def ready(self) -> list[Outcome]:
        """Can requests be served: the database reads and writes."""
        return await self._examine(self._reads, self._writes)

    async def overall(self) -> list[Outcome]:
        """Everything that can be looked at without a write to disk: cheap enough to be asked often."""
        return await self._examine(self._reads, self.disk, self._lanes)

    async def everything(self) -> list[Outcome]:
        """Every check there is."""
        return await self._examine(self._reads, self._writes, self.disk, self._lanes)

    async def _examine(self, *checks: HealthCheck) -> list[Outcome]:
        return list(await asyncio.gather(*(examine(check, self._limit) for check in checks)))
