"""The time limit of a fault: it ends the fault even if nobody removes it."""

import threading
from collections.abc import Callable

from battery.errors import UsageError

MOST_SECONDS = 3600.0


def checked(seconds: float) -> float:
    """The time limit itself.

    Raises: UsageError when it is none.
    """
    if not 0 < seconds <= MOST_SECONDS:
        raise UsageError(
            f"a fault's time limit is {seconds:g} s; it must be above 0 and up to {MOST_SECONDS:g} s"
        )
    return seconds


class TimeLimit:
    """Calls `end` once, `seconds` after `begin`, unless cancelled before."""

    def __init__(self, seconds: float, end: Callable[[], None]) -> None:
        self._seconds, self._end = checked(seconds), end
        self._timer: threading.Timer | None = None
        self.reached = threading.Event()
        self.trouble = ""

    def begin(self) -> None:
        """Start counting."""
        self._timer = threading.Timer(self._seconds, self._reach)
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        """Stop counting."""
        if self._timer is not None:
            self._timer.cancel()

    def words(self) -> str:
        """That the limit ended the fault, for a meter; empty when it did not."""
        return f"; its limit of {self._seconds:g} s has ended it" if self.reached.is_set() else ""

    def _reach(self) -> None:
        try:
            self._end()
        except Exception as error:  # noqa: BLE001 -- nobody catches what a timer's thread raises
            self.trouble = str(error)  # whoever removes the fault meets the same trouble and tells it
        self.reached.set()
