"""Does the database read, and does it write?"""

from battery.reference.health.shared import SharedRun
from battery.reference.store.lane import Lane
from battery.reference.store.probe import read_probe, write_probe


class DatabaseReads:
    """Reads from the tables that requests need."""

    name = "database_read"

    def __init__(self, lane: Lane) -> None:
        self._lane = lane

    async def look(self) -> str:
        """Read once."""
        await self._lane.run(read_probe, beyond_capacity=True)
        return "reads"


class DatabaseWrites:
    """Commits a row to disk."""

    name = "database_write"

    def __init__(self, lane: Lane) -> None:
        # However often ready is asked, one commit at a time goes to the disk for it.
        self._commit = SharedRun(lambda: lane.run(write_probe, beyond_capacity=True))

    async def look(self) -> str:
        """Write once, together with whoever asks meanwhile."""
        await self._commit()
        return "commits"
