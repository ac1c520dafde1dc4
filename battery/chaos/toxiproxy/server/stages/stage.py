"""What every toxic is at one direction of one connection: a stage that takes chunks and their end, and passes them on."""

from typing import TYPE_CHECKING, Protocol

from battery.chaos.toxiproxy.server.plane.toxic import Toxic

if TYPE_CHECKING:
    from battery.chaos.toxiproxy.server.plane.link import Link


class Receiver(Protocol):
    """Whatever comes after a stage."""

    def feed(self, data: bytes, at: float) -> None:
        """Take a chunk that came at this monotonic time."""
        ...

    def end(self, at: float) -> None:
        """Nothing more will come."""
        ...


class Stage:
    """Passes everything on, and counts it: the toxic `noop`, and the base of all others."""

    full = False

    def __init__(self, link: "Link", toxic: Toxic, following: Receiver) -> None:
        self.link, self.toxic, self.following = link, toxic, following
        self.chunks = self.bytes = 0

    def feed(self, data: bytes, at: float) -> None:
        """Count and take a chunk."""
        self.chunks += 1
        self.bytes += len(data)
        self.take(data, at)

    def take(self, data: bytes, at: float) -> None:
        """Do to a chunk what the toxic does."""
        self.following.feed(data, at)

    def end(self, at: float) -> None:
        """Do to the end what the toxic does."""
        self.following.end(at)

    def met(self) -> None:
        """The connection has just met the toxic."""

    def changed(self) -> None:
        """The toxic's attributes are others."""

    def removed(self) -> None:
        """The toxic is gone: let go of whatever is held, in order."""

    def dropped(self) -> None:
        """The connection is gone: forget everything."""
