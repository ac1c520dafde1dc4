"""The database of the service: its file and its three lanes."""

import sqlite3
from contextlib import ExitStack
from pathlib import Path

from battery.reference.store.connection import open_connection
from battery.reference.store.failure import StoreUnavailable
from battery.reference.store.lane import Lane
from battery.reference.store.place import FilesInPlace
from battery.reference.store.probe import write_probe
from battery.reference.store.schema import prepare

PATIENCE_SECONDS = 2.0


class Database:
    """Three lanes over one file: one writes, one reads, and one reports, so that a report holds up no read."""

    def __init__(self, folder: Path) -> None:
        """Open the database in `folder`, creating both where they are missing.

        Raises: OSError or StoreUnavailable when that is not possible.
        """
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "orders.sqlite3"
        with ExitStack() as on_failure:
            try:
                writer, reader, reporter = (self._open(file, on_failure, read_only=i > 0) for i in range(3))
                prepare(writer)
                write_probe(writer)
            except sqlite3.Error as error:
                raise StoreUnavailable(f"{file}: {error}") from error
            # The probe has just written: the log exists from here until the last connection closes.
            guard = FilesInPlace(file, file.with_name(f"{file.name}-wal")).check
            on_failure.pop_all()
        self.write = Lane("write", writer, guard=guard, capacity=64, patience=PATIENCE_SECONDS)
        self.read = Lane("read", reader, guard=guard, capacity=256, patience=PATIENCE_SECONDS)
        self.report = Lane("report", reporter, guard=guard, capacity=256, patience=PATIENCE_SECONDS)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All of them."""
        return (self.write, self.read, self.report)

    def close(self) -> None:
        """Finish what waits in the lanes and close the file."""
        for lane in self.lanes:
            lane.close()

    @staticmethod
    def _open(file: Path, on_failure: ExitStack, *, read_only: bool) -> sqlite3.Connection:
        connection = open_connection(file, read_only=read_only)
        on_failure.callback(connection.close)
        return connection
