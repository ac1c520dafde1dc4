"""stall (the battery's own): now and then a chunk waits as for a lost packet's retransmission, and all behind it too."""

from collections.abc import Mapping

from battery.chaos.toxiproxy.server.plane.kind import Kind
from battery.chaos.toxiproxy.server.stages.holding import Holding


class Stall(Holding):
    """A lossy wire as TCP shows it: nothing is lost, something is late."""

    room = 1024 * 1024

    def schedule(self, size: int, at: float) -> tuple[int, float]:
        """The whole chunk, at once or after the delay."""
        unlucky = self.link.random.random() * 100 < self.toxic["percent"]
        return size, at + (max(0, self.toxic["delay"]) / 1000 if unlucky else 0.0)


def _objection(attributes: Mapping[str, int]) -> str:
    percent = attributes["percent"]
    return "" if 0 <= percent <= 100 else f"stall: percent is {percent}, must be from 0 to 100"


KIND = Kind(
    type="stall",
    structure="StallToxic",
    attributes=("percent", "delay"),
    stage=Stall,
    objection=_objection,
)
