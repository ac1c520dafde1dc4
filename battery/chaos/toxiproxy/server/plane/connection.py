"""One connection: a client's side, the upstream's side, a link for each direction, and how it came to its end."""

import asyncio
import time
from typing import TYPE_CHECKING

from battery.chaos.toxiproxy.server.plane.address import AddressProblem, split
from battery.chaos.toxiproxy.server.plane.connecting import Hurdles
from battery.chaos.toxiproxy.server.plane.link import Link
from battery.chaos.toxiproxy.server.plane.side import Side
from battery.chaos.toxiproxy.server.plane.toxic import DOWNSTREAM, UPSTREAM, Toxic

if TYPE_CHECKING:
    from battery.chaos.toxiproxy.server.plane.proxy import Proxy

PROXY = "proxy"


class Connection:
    """Lives from the client's connect until both sockets are gone; remembers who ended it, and why."""

    def __init__(self, proxy: "Proxy") -> None:
        self.proxy, self.number = proxy, 0
        self.opened = time.monotonic()
        self.closed: float | None = None
        self.client, self.upstream = Side(self, "client"), Side(self, "upstream")
        self.links = {
            UPSTREAM: Link(self, self.client, self.upstream),
            DOWNSTREAM: Link(self, self.upstream, self.client),
        }
        self.client.link = self.upstream.inward = self.links[UPSTREAM]
        self.upstream.link = self.client.inward = self.links[DOWNSTREAM]
        self.client_address, self.upstream_address = "", proxy.upstream
        self.hurdles: Hurdles | None = None
        self.obstacles: tuple[Toxic, ...] = ()  # the connect faults that it met, for the journal
        self.cause: tuple[str, str] | None = None
        self._first_end: tuple[str, str] | None = None
        self._task: asyncio.Task[None] | None = None
        self._over = False

    @property
    def verdict(self) -> tuple[str, str]:
        """Who ended it and why; a reset or a toxic says more than an orderly end before it."""
        return self.cause or self._first_end or ("", "")

    def made(self, side: Side) -> None:
        """A socket is there; the client's comes first."""
        if side is self.upstream:
            self._meet()
        elif self.proxy.enabled:
            self.client_address = side.address()
            self.proxy.admit(self)
            self._task = asyncio.get_running_loop().create_task(self._connect())
        else:
            side.cut()  # accepted by the kernel a moment before the proxy was disabled

    def ended(self, side: Side) -> None:
        """A side says no more."""
        self._first_end = self._first_end or (side.name, "ended its direction first")
        side.link.end()

    def deliver_end(self, sink: Side) -> None:
        """Pass the end on: the direction back stays open, unless it has ended too."""
        if all(link.delivered_end for link in self.links.values()):
            self._over = True
            self._drop()
            self.client.finish()
            self.upstream.finish()
        elif sink.transport is not None and not sink.lost:
            sink.transport.write_eof()

    def close(self, by: str, why: str) -> None:
        """End both sides in order: what was passed is delivered first."""
        if self._stop(by, why):
            self.client.finish()
            self.upstream.finish()

    def cut(self, by: str, why: str) -> None:
        """End both sides at once."""
        if self._stop(by, why):
            self.proxy.forget(self)
        # Also one that is closing in order, and waits for a peer that does not read.
        self.client.cut()
        self.upstream.cut()

    def reset(self, by: str, why: str) -> None:
        """Send a TCP reset to both sides."""
        if self._stop(by, why):
            self.client.reset()
            self.upstream.reset()

    def lost(self, side: Side, error: Exception | None) -> None:
        """A socket is gone: by its peer's reset, or because this proxy closed it."""
        other = self.upstream if side is self.client else self.client
        if self._stop(side.name, f"lost: {error}" if error is not None else "lost"):
            # As without a proxy: a reset is passed on as one, and what was on its way is gone.
            other.reset()
        if other.lost or other.transport is None:
            self.closed = self.closed or time.monotonic()
            self.proxy.forget(self)

    def lift(self, toxic: Toxic) -> None:
        """A connect fault is gone, or changed."""
        if self.hurdles is not None:
            self.hurdles.lift(toxic)

    async def _connect(self) -> None:
        roll = self.proxy.random.random
        self.obstacles = tuple(each for each in self.proxy.connect_toxics() if each.takes(roll()))
        self.hurdles = Hurdles(self.obstacles)
        refusing = await self.hurdles.overcome()
        if refusing is not None:
            self.reset(refusing.name, "connect: refused")
            return
        try:
            host, port = split(self.proxy.upstream)
            await asyncio.get_running_loop().create_connection(lambda: self.upstream, host, port)
        except (OSError, ValueError, AddressProblem) as error:  # ValueError: what cannot be a name
            self.close(PROXY, f"{self.proxy.upstream} cannot be reached: {error}")

    def _meet(self) -> None:
        if self._over:
            self.upstream.cut()  # the client went, or the proxy stopped, a moment before
            return
        for direction, link in self.links.items():
            link.open(self.proxy.toxics_of(direction))

    def _stop(self, by: str, why: str) -> bool:
        if self._over:
            return False
        self._over = True
        self.cause = by, why
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
        self._drop()
        return True

    def _drop(self) -> None:
        for link in self.links.values():
            link.drop()
