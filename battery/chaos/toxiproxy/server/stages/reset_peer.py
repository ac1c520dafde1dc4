"""reset_peer: the first data, or the end, is swallowed, and after the time both sides get a TCP reset."""

from typing import TYPE_CHECKING

from battery.chaos.toxiproxy.server.plane.kind import Kind
from battery.chaos.toxiproxy.server.plane.timers import Timer
from battery.chaos.toxiproxy.server.plane.toxic import Toxic
from battery.chaos.toxiproxy.server.stages.stage import Receiver, Stage

if TYPE_CHECKING:
    from battery.chaos.toxiproxy.server.plane.link import Link


class ResetPeer(Stage):
    """The time runs from the first bytes, as in the original: downstream, the request is done and its answer lost."""

    def __init__(self, link: "Link", toxic: Toxic, following: Receiver) -> None:
        super().__init__(link, toxic, following)
        self._began: float | None = None
        self._timer: Timer | None = None

    def take(self, data: bytes, at: float) -> None:  # noqa: ARG002 -- the shape of a receiver
        """Swallow it, and let the time run if it does not yet."""
        self.end(at)

    def end(self, at: float) -> None:
        """As for data."""
        if self._began is None:
            self._began = at
            self._run()

    def changed(self) -> None:
        """The time counts from the same beginning."""
        if self._began is not None:
            self.dropped()
            self._run()

    def removed(self) -> None:
        """A connection that lost data is reset at once; any other goes on."""
        if self._began is not None:
            self.dropped()
            self._reset()

    def dropped(self) -> None:
        """No time runs any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _run(self) -> None:
        due = (self._began or 0.0) + self.toxic["timeout"] / 1000
        self._timer = self.link.timers.at(due, self._reset)

    def _reset(self) -> None:
        self.link.connection.reset(self.toxic.name, f"reset_peer after {self.toxic['timeout']} ms")


KIND = Kind(type="reset_peer", structure="ResetToxic", attributes=("timeout",), stage=ResetPeer)
