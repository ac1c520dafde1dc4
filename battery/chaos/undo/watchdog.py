"""The watchdog: notices the battery's death by the end of a pipe, and replays its journal at once.

A process of its own in a session of its own (`python -m battery.chaos.undo.watchdog JOURNAL`). Everything is imported
before it says "ready", so that its one task needs no disk and little memory, and begins at once.
"""

import os
import signal
import sys
from pathlib import Path

from battery.chaos.undo.replay import THE_WATCHDOG, replay

READY = b"ready\n"


def main() -> None:
    """Wait for the end of standard input, then undo what is outstanding."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Whatever ends the battery may reach us too; our time is after its end.
        signal.signal(number, signal.SIG_IGN)
    os.write(1, READY)
    while os.read(0, 1024):
        pass  # nothing is said here; only the end counts
    replay(Path(sys.argv[1]), THE_WATCHDOG)


if __name__ == "__main__":
    main()
