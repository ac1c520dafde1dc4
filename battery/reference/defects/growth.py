"""Something that grows with time, on a thread of its own, while the service serves."""

import threading
import time
from collections.abc import Callable

PERIOD_SECONDS = 0.1


class Growth:
    """Calls `add` so often that `per_second` calls a second have been made since the start."""

    def __init__(self, add: Callable[[], None], per_second: float) -> None:
        self._add, self._per_second = add, per_second
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._grow, name="growth", daemon=True)

    def start(self) -> None:
        """Begin to grow."""
        self._thread.start()

    def stop(self) -> None:
        """Grow no more; what has grown stays until the process ends."""
        self._stopped.set()
        self._thread.join()

    def _grow(self) -> None:
        started, added = time.monotonic(), 0
        while not self._stopped.wait(PERIOD_SECONDS):
            # By the clock and not by the period: a busy machine leaks as fast as an idle one.
            due = int((time.monotonic() - started) * self._per_second)
            for _ in range(due - added):
                self._add()
            added = max(added, due)
