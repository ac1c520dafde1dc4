"""The memory fault: a child takes memory down to a floor, and is the first that the kernel would end."""

import psutil

from battery.chaos.faults.agents.agent import Agent
from battery.chaos.faults.agents.order import Order
from battery.chaos.faults.amounts import MIB, mib
from battery.chaos.faults.interface import Effect, FaultFailed
from battery.chaos.faults.limit import TimeLimit
from battery.chaos.faults.memory_room import available
from battery.chaos.undo.steps import UndoStep

FLOOR_BYTES = 512 * MIB
MOST_BYTES = 64 * 1024 * MIB
_LEAST_BYTES = 16 * MIB
_START_SECONDS = 15.0


class MemoryPressure:
    """Takes available − floor, but at most `most` bytes."""

    name = "memory"

    def __init__(self, *, floor: int = FLOOR_BYTES, most: int = MOST_BYTES, limit: float = 60.0) -> None:
        self.limit = limit
        self._floor, self._most = floor, most
        self._agent = Agent("memory", "the memory agent")
        self._time_limit = TimeLimit(limit, self.remove)
        self._before = 0

    def describe(self) -> str:
        """What it takes."""
        return (
            f"takes up to {mib(self._most)} of this machine's memory, leaving {mib(self._floor)} available, "
            f"for at most {self.limit:g} s; the kernel would end its child before any other process"
        )

    def obstacle(self) -> str:
        """Why nothing can be taken."""
        room = available()
        if room - self._floor < _LEAST_BYTES:
            return (
                f"memory is already nearly full: {mib(room)} are available and {mib(self._floor)} must stay so; "
                "make room or lower the floor"
            )
        return ""

    def undo(self) -> tuple[UndoStep, ...]:
        """End the child."""
        return (self._agent.undo,)

    def inject(self) -> None:
        """Start the child and wait until it holds all, or for a while: a large machine's memory takes its time.

        Raises: FaultFailed when it says nothing.
        """
        self._before = available()
        self._time_limit.begin()
        amounts = {"most": float(self._most), "floor": float(self._floor)}
        self._agent.start(Order(seconds=self.limit, amounts=amounts))
        if self._agent.hear("holding", _START_SECONDS, lambda said: said.numbers["filling"] == 0) is None:
            raise FaultFailed(f"memory: the memory agent said nothing within {_START_SECONDS:g} s")

    def prove(self) -> Effect:
        """Whether the child has the memory, as the system counts it."""
        if not self._agent.alive:
            return Effect(seen=False, meter="no memory is held" + self._time_limit.words())
        said = self._agent.hear("holding", 0)
        touched = int(said.numbers["touched"]) if said else 0
        filling = ", and more are being taken" if said and said.numbers["filling"] else ""
        try:
            resident = int(psutil.Process(self._agent.pid).memory_info().rss)
        except psutil.Error:
            resident = 0
        meter = (
            f"{mib(touched)} are held ({mib(resident)} resident){filling}: "
            f"available went from {mib(self._before)} to {mib(available())}"
        )
        # Swapped out is held as well, but then the resident size says less than was touched.
        return Effect(seen=touched >= _LEAST_BYTES and resident >= touched // 2, meter=meter)

    def remove(self) -> None:
        """End the child."""
        self._time_limit.cancel()
        self._agent.end()
