"""The CPU fault: children that are busy for a share of the time, at the lowest priority."""

import math

from battery.chaos.faults.agents.agent import Agent
from battery.chaos.faults.agents.order import Order
from battery.chaos.faults.cpu_room import CpuRoom, cpu_room
from battery.chaos.faults.interface import Effect, FaultFailed
from battery.chaos.faults.limit import TimeLimit
from battery.chaos.process.mark import new_mark
from battery.chaos.undo.steps import EndMarked, UndoStep
from battery.errors import UsageError

_MOST_CHILDREN = 64
_START_SECONDS = 15.0
_PROOF_SECONDS = 3.0
# At the lowest priority a child gets what others leave; a tenth of its share shows that it ran at all.
_LEAST_SHARE = 0.1
# A quota knows no priorities: who uses it up stops everybody in the group, the battery's prober among them.
_SHARE_OF_QUOTA = 0.75


class CpuPressure:
    """Burns `duty` of each of `cores` processors: of all that this process may use, unless told otherwise.

    Where a control group allows less than that, most of what it allows.
    """

    name = "cpu"

    def __init__(
        self, *, duty: float = 0.9, cores: int = 0, limit: float = 60.0, room: CpuRoom | None = None
    ) -> None:
        if not 0 < duty <= 1:
            raise UsageError(f"the duty is {duty:g}; it must be above 0 and up to 1")
        self.limit = limit
        room = room or cpu_room()
        cores = min(cores or room.processors, _MOST_CHILDREN)
        allowed = math.inf if room.quota is None else room.quota * _SHARE_OF_QUOTA
        burned = min(duty * cores, allowed)
        self._quota = room.quota if burned == allowed else None
        self._cores = min(cores, math.ceil(burned / duty))
        self._duty = burned / self._cores
        self._mark = new_mark()
        self._agents = [
            Agent("cpu", f"CPU agent {index + 1}", mark=self._mark) for index in range(self._cores)
        ]
        self._time_limit = TimeLimit(limit, self.remove)

    def describe(self) -> str:
        """What it burns."""
        within = (
            ""
            if self._quota is None
            else f" ({_SHARE_OF_QUOTA:.0%} of the {self._quota:g} that this control group may use)"
        )
        return f"burns {self._duty:.0%} of {self._cores} processors{within} at nice 19 for at most {self.limit:g} s"

    def obstacle(self) -> str:
        """Never one: a processor can always be asked for."""
        return ""

    def undo(self) -> tuple[UndoStep, ...]:
        """End the children."""
        return (EndMarked(mark=self._mark, what="the CPU agents"),)

    def inject(self) -> None:
        """Start the children and wait until each has burned.

        Raises: FaultFailed when one does not.
        """
        self._time_limit.begin()
        order = Order(seconds=self.limit, amounts={"duty": self._duty})
        for agent in self._agents:
            agent.start(order)
        for agent in self._agents:
            if agent.hear("burned", _START_SECONDS) is None:
                raise FaultFailed(f"cpu: a CPU agent did not burn within {_START_SECONDS:g} s")

    def prove(self) -> Effect:
        """How much the children used, of what they asked for."""
        burned, asked = 0.0, 0.0
        living = [agent for agent in self._agents if agent.alive]
        for agent in living:
            said = agent.hear("burned", _PROOF_SECONDS, lambda said: said.numbers["seconds"] >= 1.0)
            if said is not None and said.numbers["seconds"] > 0:
                burned += said.numbers["processor"] / said.numbers["seconds"]
                asked += self._duty
        meter = (
            f"{len(living)} of {self._cores} children burn {burned:.2f} processors of {asked:.2f} asked for"
        )
        seen = len(living) == self._cores and burned >= asked * _LEAST_SHARE > 0
        return Effect(seen=seen, meter=meter + self._time_limit.words())

    def remove(self) -> None:
        """End the children."""
        self._time_limit.cancel()
        for agent in self._agents:
            agent.end()
