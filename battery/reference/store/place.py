"""Are the database files still the ones that were opened?"""

from pathlib import Path

from battery.reference.store.failure import StoreUnavailable


class FilesInPlace:
    """Remembers which files stand at some paths.

    SQLite goes on writing into a file that was moved, replaced or deleted: such a write would be
    acknowledged and then be gone. A file that comes back to its place is accepted again.
    """

    def __init__(self, *paths: Path) -> None:
        self._expected = [(path, _inode(path)) for path in paths]

    def check(self) -> None:
        """Raises: StoreUnavailable when one is missing or another file stands in its place."""
        for path, inode in self._expected:
            if _inode(path) != inode:
                raise StoreUnavailable(f"{path.name} was replaced")


def _inode(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        raise StoreUnavailable(f"{path.name} is missing") from None
    return status.st_dev, status.st_ino
