"""All proxies of a server, by name."""

import random

from battery.chaos.toxiproxy.server.plane.address import AddressProblem
from battery.chaos.toxiproxy.server.plane.proxy import Proxy
from battery.chaos.toxiproxy.server.plane.timers import Timers
from battery.model.frozen import Frozen


class Wanted(Frozen, frozen=True, kw_only=True):
    """A proxy as somebody asked for it."""

    name: str
    listen: str
    upstream: str
    enabled: bool = True


class Collection:
    """Makes proxies, keeps them apart by name, ends them."""

    def __init__(self, timers: Timers, source: random.Random) -> None:
        self._timers, self._random = timers, source
        self._proxies: dict[str, Proxy] = {}

    def all(self) -> list[Proxy]:
        """Every proxy, by name."""
        return [self._proxies[name] for name in sorted(self._proxies)]

    def get(self, name: str) -> Proxy | None:
        """The proxy of that name."""
        return self._proxies.get(name)

    async def add(self, wanted: Wanted) -> Proxy:
        """A new proxy; one that shall be enabled and cannot listen is not kept.

        Raises: AddressProblem.
        """
        proxy = Proxy(wanted.name, wanted.listen, wanted.upstream, self._timers, self._random)
        if wanted.enabled:
            await proxy.start()
        self._proxies[wanted.name] = proxy
        return proxy

    async def put(self, wanted: Wanted) -> Proxy:
        """The proxy of that name and those addresses: the one that is there if it has them, else a new one.

        Raises: AddressProblem.
        """
        there = self._proxies.get(wanted.name)
        if there is not None:
            if not await there.differs(wanted.listen, wanted.upstream):
                return there
            await there.stop("the proxy was replaced")
        return await self.add(wanted)

    async def remove(self, proxy: Proxy, why: str = "the proxy was deleted") -> None:
        """End one."""
        await proxy.stop(why)
        del self._proxies[proxy.name]

    async def reset(self) -> None:
        """Every proxy enabled and without toxics; one that cannot listen keeps no other from being reset.

        Raises: AddressProblem: the first one's.
        """
        problems: list[AddressProblem] = []
        for proxy in self.all():
            try:
                await proxy.reset()
            except AddressProblem as problem:
                problems.append(problem)
        if problems:
            raise problems[0]

    async def stop_accepting(self) -> None:
        """Close all listeners; what is connected goes on."""
        for proxy in self.all():
            await proxy.stop_accepting()

    async def stop(self, why: str) -> None:
        """End all."""
        for proxy in self.all():
            await self.remove(proxy, why)

    def connections(self) -> int:
        """How many connections live."""
        return sum(len(proxy.journal.live()) for proxy in self.all())
