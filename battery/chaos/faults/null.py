"""The null fault: does nothing. A scenario must pass with it, or its prober sees recoveries that were none."""

from battery.chaos.faults.interface import Effect
from battery.chaos.undo.steps import UndoStep


class NullFault:
    """The control: all the ceremony of a fault without one."""

    name = "null"

    def __init__(self, *, limit: float = 60.0) -> None:
        self.limit = limit
        self._injected = False

    def describe(self) -> str:
        """What it does."""
        return "does nothing to nobody: the control that shows what a scenario reads without a fault"

    def obstacle(self) -> str:
        """Never one."""
        return ""

    def undo(self) -> tuple[UndoStep, ...]:
        """Nothing to undo."""
        return ()

    def inject(self) -> None:
        """Do nothing."""
        self._injected = True

    def prove(self) -> Effect:
        """Seen as soon as nothing was done on purpose: the control makes no other claim."""
        meter = (
            "did nothing, on purpose: 0 changes (control)"
            if self._injected
            else "was not even asked to do nothing"
        )
        return Effect(seen=self._injected, meter=meter)

    def remove(self) -> None:
        """Nothing to remove."""
