"""bandwidth: so many kilobytes a second for this direction of the connection; none at all stalls and keeps the data."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from battery.chaos.toxiproxy.server.plane.kind import Kind
from battery.chaos.toxiproxy.server.plane.toxic import Toxic
from battery.chaos.toxiproxy.server.stages.holding import NEVER, Holding
from battery.chaos.toxiproxy.server.stages.stage import Receiver

if TYPE_CHECKING:
    from battery.chaos.toxiproxy.server.plane.link import Link

_PIECE_MILLISECONDS = 10


class Bandwidth(Holding):
    """A narrow wire: a piece leaves when its last byte would have."""

    def __init__(self, link: "Link", toxic: Toxic, following: Receiver) -> None:
        super().__init__(link, toxic, following)
        self._free = 0.0  # when the wire has sent what was let go

    def schedule(self, size: int, at: float) -> tuple[int, float]:
        """As much as the wire takes in some milliseconds, once it is free and has taken it."""
        rate = self.toxic["rate"]  # kilobytes a second are bytes a millisecond
        if rate <= 0:
            return size, NEVER
        piece = min(size, rate * _PIECE_MILLISECONDS)
        self._free = max(at, self._free) + piece / rate / 1000
        return piece, self._free

    def changed(self) -> None:
        """The wire is free now: a stall is no debt, and no credit either."""
        self._free = time.monotonic()
        super().changed()


def _objection(attributes: Mapping[str, int]) -> str:
    rate = attributes["rate"]
    return f"bandwidth: rate is {rate}, must be 0 or more (KB/s; 0 stalls)" if rate < 0 else ""


KIND = Kind(
    type="bandwidth",
    structure="BandwidthToxic",
    attributes=("rate",),
    stage=Bandwidth,
    objection=_objection,
)
