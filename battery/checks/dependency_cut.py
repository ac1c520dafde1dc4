"""The way to a dependency, cut and mended: promised to the undo stack before, and proven to have been used and cut."""

from battery.chaos.faults.interface import Effect
from battery.chaos.faults.network_down import NetworkDown
from battery.chaos.scenarios.world import World
from battery.model.target import Dependency
from battery.recording import Record


class DependencyCut:
    """One cut; it ends by itself after `limit` seconds, whatever becomes of the battery."""

    def __init__(self, world: World, declared: Dependency, record: Record, *, limit: float) -> None:
        self._undo, self._record, self._name = world.undo, record, declared.name
        self._line = world.lines.to_dependency(declared)
        self._fault = NetworkDown(world.lines.proxies, self._line.proxy, limit=limit, canary=self._was_used)
        self._promised: int | None = None

    def cut(self) -> None:
        """Cut it, and record the proof. Raises: FaultRefused, FaultFailed."""
        self._promised = self._undo.inject(self._fault)
        effect = self._fault.prove()
        self._record.proof(f"{self._name} was cut", effect.seen, effect.meter)

    def mend(self) -> None:
        """Take it back. Raises: UndoFailed."""
        if self._promised is not None:
            self._undo.remove(self._promised)

    def _was_used(self) -> Effect:
        """Toxiproxy's own server does not count connections; the tap in front of it does."""
        visits = len(self._line.tap.journal().visits) if self._line.tap else 0
        return Effect(seen=visits > 0, meter=f"{visits} connections came through the tap")
