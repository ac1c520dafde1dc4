"""What each route does: one method a route, from the path's names and the body to an answer.

Changes wait for one another, questions for nobody.
"""

import asyncio
from collections.abc import Sequence

from battery.chaos.toxiproxy.server.api.answer import Answer, json_answer, nothing
from battery.chaos.toxiproxy.server.api.refusal import (
    Refusal,
    proxy_exists,
    proxy_not_found,
    toxic_not_found,
)
from battery.chaos.toxiproxy.server.api.shown import shown_proxy, shown_toxic, shown_toxics
from battery.chaos.toxiproxy.server.api.wishes import (
    changed_proxy,
    changed_toxic,
    many_proxies,
    new_proxy,
    new_toxic,
)
from battery.chaos.toxiproxy.server.plane.address import AddressProblem
from battery.chaos.toxiproxy.server.plane.collection import Collection
from battery.chaos.toxiproxy.server.plane.proxy import Proxy
from battery.chaos.toxiproxy.server.plane.toxic import Toxic
from battery.model.frozen import Frozen

VERSION = "2.12.0"


class Asked(Frozen, frozen=True, kw_only=True):
    """What a request says beyond its route: the names in its path, and its body."""

    names: tuple[str, ...]
    body: bytes


class Operations:
    """The API over a collection of proxies."""

    def __init__(self, proxies: Collection) -> None:
        self._proxies = proxies
        self._changing = asyncio.Lock()

    async def version(self) -> Answer:
        """The version whose API this is, in the original's spacing."""
        headers = {"Content-Type": "application/json;charset=utf-8"}
        return Answer(status=200, body=f'{{"version": "{VERSION}"}}\n'.encode(), headers=headers)

    async def list_proxies(self) -> Answer:
        """Every proxy by its name."""
        return json_answer({proxy.name: shown_proxy(proxy) for proxy in self._proxies.all()})

    async def create_proxy(self, asked: Asked) -> Answer:
        """A new proxy."""
        async with self._changing:
            wanted = new_proxy(asked.body)
            if self._proxies.get(wanted.name) is not None:
                raise proxy_exists()
            return json_answer(shown_proxy(await self._proxies.add(wanted)), 201)

    async def show_proxy(self, asked: Asked) -> Answer:
        """One proxy."""
        return json_answer(shown_proxy(self._proxy(asked)))

    async def update_proxy(self, asked: Asked) -> Answer:
        """Other addresses; enabled or disabled."""
        async with self._changing:
            proxy = self._proxy(asked)
            wanted = changed_proxy(asked.body, proxy)
            await proxy.update(wanted.listen, wanted.upstream, wanted.enabled)
            return json_answer(shown_proxy(proxy))

    async def delete_proxy(self, asked: Asked) -> Answer:
        """One proxy less."""
        async with self._changing:
            await self._proxies.remove(self._proxy(asked))
            return nothing()

    async def list_toxics(self, asked: Asked) -> Answer:
        """A proxy's toxics."""
        return json_answer(shown_toxics(self._proxy(asked)))

    async def create_toxic(self, asked: Asked) -> Answer:
        """A new toxic; 200, not 201, as the original."""
        async with self._changing:
            proxy = self._proxy(asked)
            toxic = new_toxic(asked.body, proxy)
            proxy.add(toxic)
            return json_answer(shown_toxic(toxic))

    async def show_toxic(self, asked: Asked) -> Answer:
        """One toxic."""
        return json_answer(shown_toxic(self._toxic(asked)))

    async def update_toxic(self, asked: Asked) -> Answer:
        """Other attributes, another toxicity."""
        async with self._changing:
            toxic = self._toxic(asked)
            self._proxy(asked).change(toxic, *changed_toxic(asked.body, toxic))
            return json_answer(shown_toxic(toxic))

    async def delete_toxic(self, asked: Asked) -> Answer:
        """One toxic less."""
        async with self._changing:
            self._proxy(asked).remove(self._toxic(asked))
            return nothing()

    async def populate(self, asked: Asked) -> Answer:
        """Many proxies; those made before a failure stay, and are told of."""
        async with self._changing:
            made: list[Proxy] = []
            try:
                for wanted in many_proxies(asked.body):
                    made.append(await self._proxies.put(wanted))  # noqa: PERF401 -- those made so far count
            except Refusal as refusal:
                return _populated(made, {"error": refusal.text, "status": refusal.status})
            except AddressProblem as problem:
                return _populated(made, {"error": str(problem), "status": 500})
            return _populated(made, {"status": 201})

    async def reset(self) -> Answer:
        """Every proxy enabled, no toxic left."""
        async with self._changing:
            await self._proxies.reset()
            return nothing()

    async def list_connections(self, asked: Asked) -> Answer:
        """A proxy's journal; the original has no such route."""
        return json_answer({"connections": self._proxy(asked).journal.entries()})

    async def count_connections(self, asked: Asked) -> Answer:
        """What ever came through a proxy; the original has no such route."""
        return json_answer(self._proxy(asked).journal.counts())

    def _proxy(self, asked: Asked) -> Proxy:
        proxy = self._proxies.get(asked.names[0])
        if proxy is None:
            raise proxy_not_found()
        return proxy

    def _toxic(self, asked: Asked) -> Toxic:
        toxic = self._proxy(asked).toxic(asked.names[1])
        if toxic is None:
            raise toxic_not_found()
        return toxic


def _populated(made: Sequence[Proxy], outcome: dict[str, object]) -> Answer:
    status = outcome.pop("status") if "error" not in outcome else outcome["status"]
    proxies = [shown_proxy(proxy) for proxy in made] or None  # null for none, as the original
    return json_answer(outcome | {"proxies": proxies}, int(str(status)))
