"""Is there room on the disk?"""

import shutil
from pathlib import Path

from battery.reference.health.check import Unhealthy

LEAST_FREE_BYTES = 32 * 1024 * 1024


class DiskRoom:
    """Looks at the file system that holds the data folder."""

    name = "disk"

    def __init__(self, folder: Path, least_free: int = LEAST_FREE_BYTES) -> None:
        self._folder, self._least_free = folder, least_free

    def free_bytes(self) -> int:
        """What is free.

        Raises: Unhealthy when the folder is gone.
        """
        try:
            return shutil.disk_usage(self._folder).free
        except OSError as error:
            raise Unhealthy(f"the data folder cannot be looked at: {error.strerror}") from error

    async def look(self) -> str:
        """Compare it with the least that is needed."""
        free = self.free_bytes()
        if free < self._least_free:
            raise Unhealthy(f"{free} bytes free, {self._least_free} needed")
        return f"{free} bytes free"
