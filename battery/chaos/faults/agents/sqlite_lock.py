"""Holds the exclusive lock of one SQLite database: nobody writes meanwhile, and without a write-ahead log nobody reads.

A process of its own (`python -m battery.chaos.faults.agents.sqlite_lock`): the lock goes with it.
"""

import contextlib
import sqlite3
import time
from pathlib import Path
from urllib.parse import quote

from battery.chaos.faults.agents.lifeline import complain, say, take_order

_PATIENCE = 10.0
_ROUND_SECONDS = 0.1


def hold(file: Path) -> None:
    """Take the lock and keep it for as long as the lifeline holds. An absent file is never made."""
    uri = f"file:{quote(str(file))}?mode=rw"
    with contextlib.closing(
        sqlite3.connect(uri, uri=True, timeout=_PATIENCE, isolation_level=None)
    ) as database:
        try:
            database.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            complain(f"the lock of {file.name} was not to be had: {error}")
            return
        began = time.monotonic()
        while True:
            say("holding", seconds=round(time.monotonic() - began, 3), refused=float(refused(uri)))
            time.sleep(_ROUND_SECONDS)


def refused(uri: str) -> bool:
    """Whether another connection is kept from writing: the lock's own meter."""
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
    return False


def main() -> None:
    """Take the order and hold."""
    order = take_order()
    hold(Path(order.texts["file"]))


if __name__ == "__main__":
    main()
