"""The target's process and its pressure, for the probes of capabilities: through the world, which puts everything back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from battery.chaos.faults.cpu import CpuPressure
from battery.chaos.faults.interface import Effect, Fault
from battery.chaos.faults.kill import Kill
from battery.chaos.faults.memory import MemoryPressure
from battery.chaos.faults.network_down import NetworkDown
from battery.chaos.process.errors import ProcessFailed
from battery.chaos.process.given import obstacle as process_obstacle
from battery.chaos.scenarios.dependency import not_proxied
from battery.chaos.scenarios.lines import Line
from battery.chaos.scenarios.world import World
from battery.model.capabilities import DegradationShown
from battery.model.quantity import seconds
from battery.model.target import Dependency
from battery.readiness.capabilities.probes.ports import Killed, Pressed

_NOBODY = "nobody but the battery would bring the process back: start it by a supervisor and say so, [process] supervised = true"
_ELSEWHERE = "the target runs on another machine, where the battery cannot press anything: run it there"
_LIMIT = 600.0


def _arrived(line: Line) -> Effect:
    visits = len(line.tap.journal().visits) if line.tap else 0
    return Effect(seen=visits > 0, meter=f"{visits} connections arrived at the tap")


class WorldVictim:
    """The process that serves, where a supervisor of the user's brings it back."""

    def __init__(self, world: World) -> None:
        self._world = world

    def obstacle(self) -> str:
        """Only a given process is killed, and none that stays dead."""
        process = self._world.definition.process
        if process is None or not process.supervised:
            return _NOBODY
        try:
            return process_obstacle(self._world.given())
        except ProcessFailed as error:
            return str(error)

    def kill(self) -> Killed:
        """SIGKILL, and see it gone."""
        fault = Kill(self._world.given())
        number = self._world.undo.inject(fault)
        try:
            effect = fault.prove()
        finally:
            self._world.undo.remove(number)
        return Killed(gone=effect.seen, detail=effect.meter)


class WorldPressure:
    """CPU, memory or the way to a dependency."""

    def __init__(self, world: World, shown: DegradationShown) -> None:
        self._world, self._shown = world, shown

    def obstacle(self) -> str:
        """Why it cannot be pressed here."""
        if self._shown.pressure != "dependency":
            return "" if self._world.is_local else _ELSEWHERE
        declared = self._dependency()
        if declared is None:
            return "battery.toml names no [[dependency]] that could be cut: choose another pressure"
        return not_proxied(self._world, declared)

    @contextmanager
    def pressed(self) -> Iterator[Callable[[], Pressed]]:
        """Press inside the block; it ends by itself after a while even if nobody ends it."""
        fault = self._fault()
        number = self._world.undo.inject(fault)

        def prove() -> Pressed:
            effect = fault.prove()
            return Pressed(seen=effect.seen, detail=f"{fault.describe()}: {effect.meter}")

        try:
            yield prove
        finally:
            self._world.undo.remove(number)

    def _fault(self) -> Fault:
        limit = min(2 * seconds(self._shown.patience), _LIMIT)
        declared = self._dependency()
        if self._shown.pressure == "dependency" and declared is not None:
            line = self._world.lines.to_dependency(declared)
            # A server that counts nothing cannot tell that the target goes this way: the tap before it can.
            return NetworkDown(
                self._world.lines.proxies, line.proxy, limit=limit, canary=lambda: _arrived(line)
            )
        return (
            MemoryPressure(limit=limit)
            if self._shown.pressure == "memory"
            else CpuPressure(duty=1.0, limit=limit)
        )

    def _dependency(self) -> Dependency | None:
        """The named one, else the first that is no database."""
        known = [each for each in self._world.definition.dependency if each.upstream]
        if self._shown.dependency:
            return next((each for each in known if each.name == self._shown.dependency), None)
        return next((each for each in known if not each.is_database), None)
