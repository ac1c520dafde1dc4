"""A fault that does to a switch what real ones do to targets, and a target that has the switch."""

import threading
from collections.abc import Callable

from battery.chaos.faults.interface import Effect, FaultFailed
from battery.chaos.undo.steps import UndoStep
from battery.errors import BatteryError


class Switch:
    """A fault that flips something while it stands; each way to go wrong can be asked for."""

    name = "switch"
    limit = 30.0

    def __init__(
        self,
        flip: Callable[[bool], None] = lambda on: None,
        *,
        obstacle: str = "",
        fails: str | BatteryError = "",
        seen: bool = True,
        proofs: int | None = None,
    ) -> None:
        self._flip, self._obstacle, self._fails, self._seen = flip, obstacle, fails, seen
        self._proofs = proofs
        self.events: list[str] = []
        self.stands = threading.Event()

    def describe(self) -> str:
        """What it does."""
        return "flips a switch"

    def obstacle(self) -> str:
        """As asked."""
        return self._obstacle

    def undo(self) -> tuple[UndoStep, ...]:
        """Nothing outside of this process."""
        return ()

    def inject(self) -> None:
        """Flip it."""
        if self._fails:
            raise self._fails if isinstance(self._fails, BatteryError) else FaultFailed(self._fails)
        self.events.append("injected")
        self.stands.set()
        self._flip(True)

    def prove(self) -> Effect:
        """As asked; `proofs` is how many of them see it."""
        if self._proofs is not None:
            self._proofs -= 1
            if self._proofs < 0:
                return Effect(seen=False, meter="the switch is off")
        return Effect(seen=self._seen and self.stands.is_set(), meter="the switch is on")

    def remove(self) -> None:
        """Flip it back."""
        if self.stands.is_set():
            self.events.append("removed")
            self.stands.clear()
            self._flip(False)
