"""Where a direction's pipeline ends: chunks go to the other side's socket."""

from typing import TYPE_CHECKING

from battery.chaos.toxiproxy.server.plane.side import Side

if TYPE_CHECKING:
    from battery.chaos.toxiproxy.server.plane.link import Link


class Outlet:
    """What comes after the last stage."""

    def __init__(self, link: "Link", sink: Side) -> None:
        self._link, self._sink = link, sink
        self.passed = 0
        self.ended = False

    def feed(self, data: bytes, at: float) -> None:  # noqa: ARG002 -- the shape of a receiver
        """Write it."""
        if not self.ended and self._sink.transport is not None and not self._sink.lost:
            self.passed += len(data)
            self._sink.transport.write(data)

    def end(self, at: float) -> None:  # noqa: ARG002 -- the shape of a receiver
        """Tell the other side, once."""
        if not self.ended:
            self.ended = True
            self._link.emerge()
