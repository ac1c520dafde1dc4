"""Threads that are started and never end."""

import threading

from battery.reference.defects.defect import Defect
from battery.reference.defects.growth import Growth

DEFECT = Defect(name="thread_leak", title="starts 2 threads a second that never end", instrument="load")
THREADS_PER_SECOND = 2


def growth(end: threading.Event) -> Growth:
    """Threads that wait for `end`."""

    def add() -> None:
        threading.Thread(target=end.wait, name="leaked", daemon=True).start()

    return Growth(add, THREADS_PER_SECOND)
