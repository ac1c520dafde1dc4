"""The watchdog: notices the battery's death by the end of a pipe, and replays its journal at once.

A process of its own in a session of its own (`python -m battery.chaos.undo.watchdog JOURNAL`). Everything is imported
before it says "ready", so that its one task needs no disk and little memory, and begins at once. While the battery lives
it keeps the promises that are overdue: a battery that is stopped cannot.
"""

import os
import select
import signal
import sys
from pathlib import Path

from battery.chaos.undo.overdue import Overdue
from battery.chaos.undo.replay import THE_WATCHDOG, replay

READY = b"ready\n"


def main() -> None:
    """Wait for the end of standard input, then undo what is outstanding."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Whatever ends the battery may reach us too; our time is after its end.
        signal.signal(number, signal.SIG_IGN)
    journal = Path(sys.argv[1])
    os.write(1, READY)
    overdue = Overdue(journal)
    while _battery_lives(overdue.keep()):
        pass  # each word, and each time that is up, is a reason to read the journal again
    replay(journal, THE_WATCHDOG)


def _battery_lives(seconds: float | None) -> bool:
    """Wait for a word of the battery, or for so long; False when it has ended."""
    readable, _, _ = select.select([0], [], [], seconds)
    return not readable or bool(os.read(0, 1024))


if __name__ == "__main__":
    main()
