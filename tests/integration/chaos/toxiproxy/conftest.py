"""Servers of both kinds, started once, and emptied after each test."""

import contextlib
from collections.abc import Callable, Iterator

import pytest

from battery.chaos.toxiproxy.client import Client
from battery.chaos.toxiproxy.discovery import PROGRAM, Server, toxiproxy
from battery.chaos.toxiproxy.nouns import Proxy
from tests.integration.chaos.toxiproxy.asking import Asker
from tests.integration.chaos.toxiproxy.peers import Upstream, echo, upstream

BOTH = ["embedded", pytest.param("real", marks=pytest.mark.real(PROGRAM))]


@pytest.fixture(scope="session")
def servers() -> Iterator[Callable[[str], Server]]:
    """Either server by its kind, started when it is first asked for."""
    running: dict[str, Server] = {}
    with contextlib.ExitStack() as stack:

        def server(kind: str) -> Server:
            if kind not in running:
                program = PROGRAM if kind == "real" else None
                running[kind] = stack.enter_context(toxiproxy(program=program))
            return running[kind]

        yield server


@pytest.fixture(params=BOTH)
def server(request: pytest.FixtureRequest, servers: Callable[[str], Server]) -> Iterator[Server]:
    """Each of the two servers, without a proxy."""
    running = servers(request.param)
    assert running.kind == request.param
    yield running
    _empty(running.client)


@pytest.fixture
def embedded(servers: Callable[[str], Server]) -> Iterator[Server]:
    """The embedded server, without a proxy."""
    running = servers("embedded")
    yield running
    _empty(running.client)


@pytest.fixture
def ask(server: Server) -> Iterator[Asker]:
    """Raw requests to either server."""
    asker = Asker(server.url)
    yield asker
    asker.close()


@pytest.fixture
def ask_embedded(embedded: Server) -> Iterator[Asker]:
    """Raw requests to the embedded server."""
    asker = Asker(embedded.url)
    yield asker
    asker.close()


@pytest.fixture
def echoing() -> Iterator[Upstream]:
    """An upstream that sends everything back."""
    with upstream(echo) as running:
        yield running


@pytest.fixture
def proxy(server: Server, echoing: Upstream) -> Proxy:
    """A proxy of either server before the echo."""
    return server.client.create("p", echoing.address)


@pytest.fixture
def own_proxy(embedded: Server, echoing: Upstream) -> Proxy:
    """A proxy of the embedded server before the echo."""
    return embedded.client.create("p", echoing.address)


def _empty(client: Client) -> None:
    for name in client.proxies():
        client.destroy(name)
