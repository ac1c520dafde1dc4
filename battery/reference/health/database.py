"""Does the database read, and does it write?"""

from battery.reference.health.shared import SharedRun
from battery.reference.store.interface import Store


class DatabaseReads:
    """Reads from the tables that requests need."""

    name = "database_read"

    def __init__(self, store: Store) -> None:
        self._store = store

    async def look(self) -> str:
        """Read once."""
        await self._store.read_probe()
        return "reads"


class DatabaseWrites:
    """Commits a row to disk."""

    name = "database_write"

    def __init__(self, store: Store) -> None:
        # However often ready is asked, one commit at a time goes to the disk for it.
        self._commit = SharedRun(store.write_probe)

    async def look(self) -> str:
        """Write once, together with whoever asks meanwhile."""
        await self._commit()
        return "commits"
