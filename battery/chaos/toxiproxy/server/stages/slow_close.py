"""slow_close: the end of this direction comes later."""

from typing import TYPE_CHECKING

from battery.chaos.toxiproxy.server.plane.kind import Kind
from battery.chaos.toxiproxy.server.plane.timers import Timer
from battery.chaos.toxiproxy.server.plane.toxic import Toxic
from battery.chaos.toxiproxy.server.stages.stage import Receiver, Stage

if TYPE_CHECKING:
    from battery.chaos.toxiproxy.server.plane.link import Link


class SlowClose(Stage):
    """Passes data at once and its end after the delay."""

    def __init__(self, link: "Link", toxic: Toxic, following: Receiver) -> None:
        super().__init__(link, toxic, following)
        self._ended: float | None = None
        self._timer: Timer | None = None

    def end(self, at: float) -> None:
        """Keep the end for the delay."""
        self._ended = at
        self._timer = self.link.timers.at(at + self.toxic["delay"] / 1000, self._pass)

    def changed(self) -> None:
        """The delay counts from when the end came."""
        if self._ended is not None and self._timer is not None:
            self._timer.cancel()
            self.end(self._ended)

    def removed(self) -> None:
        """A kept end goes at once."""
        if self._timer is not None:
            self._timer.cancel()
            self._pass()

    def dropped(self) -> None:
        """Nothing goes any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _pass(self) -> None:
        self._timer = None
        self.following.end(self._ended or 0.0)


KIND = Kind(type="slow_close", structure="SlowCloseToxic", attributes=("delay",), stage=SlowClose)
