"""Takes disk space: one file without a name, grown piece by piece up to a bound, and held.

A process of its own (`python -m battery.chaos.faults.agents.disk`): the space goes with it, whatever becomes of the
battery, and neither a slow file system nor a stopped battery keeps it from ending in time.
"""

import os
import time
from pathlib import Path

from battery.chaos.faults.agents.lifeline import complain, say, take_order
from battery.chaos.faults.disk_file import open_unnamed, take

_PIECE = 64 * 1024 * 1024
_LOOK_SECONDS = 0.2


def main() -> None:
    """Take the order and fill it."""
    order = take_order()
    folder, path, wanted = (
        Path(order.texts["folder"]),
        Path(order.texts["path"]),
        int(order.amounts["wanted"]),
    )
    try:
        file = open_unnamed(folder, path)
        for start in range(0, wanted, _PIECE):
            take(file, min(_PIECE, wanted - start), start)
            tell(file)
    except OSError as error:
        complain(error.strerror or str(error))
        return
    while True:
        tell(file)
        time.sleep(_LOOK_SECONDS)


def tell(file: int) -> None:
    """Say what the file has of the disk."""
    say("taken", bytes=os.fstat(file).st_blocks * 512)


if __name__ == "__main__":
    main()
