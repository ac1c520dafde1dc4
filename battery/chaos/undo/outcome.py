"""What became of an undo step, and the error when the world could not be put back."""

from battery.errors import BatteryError
from battery.model.frozen import Frozen


class Outcome(Frozen, frozen=True, kw_only=True):
    """Whether nothing of it is left, in words."""

    done: bool
    words: str


class UndoFailed(BatteryError):
    """Something of a fault is left; the text says what, and what a person can do."""

    exit_code = 2


class WatchdogFailed(BatteryError):
    """The watchdog does not run, so nothing is injected."""

    exit_code = 2
