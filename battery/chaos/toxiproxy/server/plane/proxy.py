"""A proxy: where it listens, where it leads, its toxics, and its connections."""

import asyncio
import random
from collections.abc import Mapping

from battery.chaos.toxiproxy.server.plane.address import listen, resolve, shown
from battery.chaos.toxiproxy.server.plane.closing import close
from battery.chaos.toxiproxy.server.plane.connection import PROXY, Connection
from battery.chaos.toxiproxy.server.plane.journal import Journal
from battery.chaos.toxiproxy.server.plane.timers import Timers
from battery.chaos.toxiproxy.server.plane.toxic import DOWNSTREAM, UPSTREAM, Toxic


class Proxy:
    """Its toxics outlive being disabled; its connections do not."""

    def __init__(
        self, name: str, listen_at: str, upstream: str, timers: Timers, source: random.Random
    ) -> None:
        self.name, self.listen, self.upstream = name, listen_at, upstream
        self.timers, self.random = timers, source
        self.enabled = False
        self.journal = Journal()
        self._toxics: list[Toxic] = []
        self._server: asyncio.Server | None = None

    @property
    def toxics(self) -> list[Toxic]:
        """Upstream first, each direction in the order of adding."""
        return [*self.toxics_of(UPSTREAM), *self.toxics_of(DOWNSTREAM)]

    def toxics_of(self, direction: str) -> list[Toxic]:
        """Those of one direction."""
        return [toxic for toxic in self._toxics if toxic.direction == direction]

    def connect_toxics(self) -> list[Toxic]:
        """Those that meet a connection before it leads anywhere."""
        return [toxic for toxic in self.toxics if toxic.kind.stage is None]

    def toxic(self, name: str) -> Toxic | None:
        """The toxic of that name."""
        return next((toxic for toxic in self._toxics if toxic.name == name), None)

    async def start(self) -> None:
        """Listen; nothing where it does already.

        Raises: AddressProblem.
        """
        if self.enabled:
            return
        listener = await listen(self.listen)
        host, port = listener.getsockname()[:2]
        self.listen = shown(host, port)
        self.enabled = True
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Connection(self).client, sock=listener, backlog=4096
        )

    async def stop(self, why: str) -> None:
        """Close the listener and every connection; nothing where it is stopped already."""
        if not self.enabled:
            return
        self.enabled = False  # who was accepted, and comes in only when it closes, is cut off at once
        for connection in self.journal.live():
            connection.cut(PROXY, why)
        await self.stop_accepting()

    async def stop_accepting(self) -> None:
        """Close the listener only."""
        if self._server is not None:
            await close(self._server)

    async def differs(self, listen_at: str, upstream: str) -> bool:
        """Whether these are other addresses than its own.

        Raises: AddressProblem.
        """
        return shown(*await resolve(listen_at)) != self.listen or upstream != self.upstream

    async def update(self, listen_at: str, upstream: str, enabled: bool) -> None:
        """Take other addresses, which restarts it; be enabled or disabled.

        Raises: AddressProblem: the proxy is left disabled then, with the address that was asked for.
        """
        if await self.differs(listen_at, upstream):
            await self.stop("the proxy's address was changed")
            self.listen, self.upstream = listen_at, upstream
        if enabled:
            await self.start()
        else:
            await self.stop("the proxy was disabled")

    def add(self, toxic: Toxic) -> None:
        """One more toxic, for connections that live as for those to come."""
        self._toxics.append(toxic)
        self._meet(toxic)

    def change(self, toxic: Toxic, attributes: Mapping[str, int], toxicity: float) -> None:
        """Other attributes, another toxicity: the dice are rolled again."""
        toxic.change(attributes, toxicity)
        for connection in self.journal.live():
            connection.lift(toxic)
        self._meet(toxic)

    def remove(self, toxic: Toxic) -> None:
        """One toxic less; its name is free again whatever its connections do."""
        self._toxics.remove(toxic)
        for connection in self.journal.live():
            connection.lift(toxic)
            connection.links[toxic.direction].leave(toxic)

    async def reset(self) -> None:
        """Enabled, and without toxics.

        Raises: AddressProblem: it cannot listen; its toxics are gone all the same.
        """
        try:
            await self.start()
        finally:
            for toxic in self.toxics:
                self.remove(toxic)

    def admit(self, connection: Connection) -> None:
        """A client has connected."""
        self.journal.begin(connection)

    def forget(self, connection: Connection) -> None:
        """Both its sockets are gone."""
        self.journal.close(connection)

    def _meet(self, toxic: Toxic) -> None:
        for connection in self.journal.live():
            connection.links[toxic.direction].meet(toxic, self.toxics_of(toxic.direction))
