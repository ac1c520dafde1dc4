"""What every fault is: told before, promised, injected, proven, removed."""

from typing import Protocol

from battery.chaos.undo.steps import UndoStep
from battery.errors import BatteryError
from battery.model.frozen import Frozen


class Effect(Frozen, frozen=True, kw_only=True):
    """Whether the fault's own meter saw it happen, and what it read; `ended_early`: it was over before it was removed."""

    seen: bool
    meter: str
    ended_early: bool = False


class FaultRefused(BatteryError):
    """The fault is not available here; the text says why and how to allow it. Its scenario is undecided."""

    exit_code = 2


class FaultFailed(BatteryError):
    """The fault could not be injected or removed."""

    exit_code = 2


class Fault(Protocol):
    """One fault, used once. It ends by itself after `limit` seconds, even if nobody removes it."""

    name: str
    limit: float

    def describe(self) -> str:
        """What it does to whom, with numbers: the text of a dry run."""
        ...

    def obstacle(self) -> str:
        """Why it is not available here and how to allow it; empty when it is."""
        ...

    def undo(self) -> tuple[UndoStep, ...]:
        """What undoes it, to be on disk before `inject`; asked once, right before."""
        ...

    def inject(self) -> None:
        """Do it.

        Raises: FaultFailed, FaultRefused.
        """
        ...

    def prove(self) -> Effect:
        """What its own meter sees while it lasts; it may take a moment to look."""
        ...

    def remove(self) -> None:
        """End it; harmless when it was never injected or ended already.

        Raises: FaultFailed when it does not end.
        """
        ...
