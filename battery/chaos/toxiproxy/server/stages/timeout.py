"""timeout: nothing gets through; after the time the connection is closed, with a time of 0 when the toxic is removed."""

import time
from typing import TYPE_CHECKING

from battery.chaos.toxiproxy.server.plane.kind import Kind
from battery.chaos.toxiproxy.server.plane.timers import Timer
from battery.chaos.toxiproxy.server.plane.toxic import Toxic
from battery.chaos.toxiproxy.server.stages.stage import Receiver, Stage

if TYPE_CHECKING:
    from battery.chaos.toxiproxy.server.plane.link import Link


class Timeout(Stage):
    """A black hole for this direction."""

    def __init__(self, link: "Link", toxic: Toxic, following: Receiver) -> None:
        super().__init__(link, toxic, following)
        self._timer: Timer | None = None

    def take(self, data: bytes, at: float) -> None:
        """Swallow it. The time goes on: a talkative peer does not put the close off."""

    def end(self, at: float) -> None:  # noqa: ARG002 -- the shape of a receiver
        """Its data is lost, so its end must not look like that of a whole message: the connection is closed."""
        self._close("ended while its data was held")

    def met(self) -> None:
        """The time runs from here."""
        if self.toxic["timeout"] > 0:
            self._timer = self.link.timers.at(time.monotonic() + self.toxic["timeout"] / 1000, self._over)

    def changed(self) -> None:
        """The time runs anew."""
        self.dropped()
        self.met()

    def removed(self) -> None:
        """What was swallowed cannot come back: the connection is closed."""
        self.dropped()
        self._close("removed")

    def dropped(self) -> None:
        """No time runs any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _over(self) -> None:
        self._close(f"{self.toxic['timeout']} ms are over")

    def _close(self, why: str) -> None:
        self.link.connection.close(self.toxic.name, f"timeout: {why}")


KIND = Kind(type="timeout", structure="TimeoutToxic", attributes=("timeout",), stage=Timeout)
