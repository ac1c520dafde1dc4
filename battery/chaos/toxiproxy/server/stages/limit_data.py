"""limit_data: the connection is closed after so many bytes of this direction have passed."""

from typing import TYPE_CHECKING

from battery.chaos.toxiproxy.server.plane.kind import Kind
from battery.chaos.toxiproxy.server.plane.toxic import Toxic
from battery.chaos.toxiproxy.server.stages.stage import Receiver, Stage

if TYPE_CHECKING:
    from battery.chaos.toxiproxy.server.plane.link import Link


class LimitData(Stage):
    """Counts, cuts the last chunk to what is allowed, and ends."""

    def __init__(self, link: "Link", toxic: Toxic, following: Receiver) -> None:
        super().__init__(link, toxic, following)
        self._passed = 0
        self._over = False

    def take(self, data: bytes, at: float) -> None:
        """Pass what is allowed; the close comes behind it, through the same stages."""
        if self._over:
            return
        allowed = data[: max(0, self.toxic["bytes"] - self._passed)]
        self._passed += len(allowed)
        if allowed:
            self.following.feed(allowed, at)
        if self._passed >= self.toxic["bytes"]:
            self._over = True
            self.link.cut = self.toxic.name, f"limit_data: {self._passed} bytes have passed"
            self.following.end(at)

    def end(self, at: float) -> None:
        """Passes, unless the end was sent already."""
        if not self._over:
            self.following.end(at)


KIND = Kind(type="limit_data", structure="LimitDataToxic", attributes=("bytes",), stage=LimitData)
