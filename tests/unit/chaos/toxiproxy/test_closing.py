"""A connection that is accepted in the turn in which its proxy is stopped is ended, and not forgotten open."""

import asyncio
import contextlib
import random
import socket
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import uvloop

from battery.chaos.toxiproxy.server.plane.closing import close
from battery.chaos.toxiproxy.server.plane.proxy import Proxy
from battery.chaos.toxiproxy.server.plane.timers import Timers

Run = Callable[[Coroutine[Any, Any, None]], None]
TURNS = range(6)  # of the loop, between the connect and the stop: the acceptance is in one of them


@pytest.fixture(params=[asyncio.run, uvloop.run])
def run(request: pytest.FixtureRequest) -> Run:
    """Either loop: the server has uvloop where there is one."""
    chosen: Run = request.param
    return chosen


async def ended(connection: socket.socket) -> bool:
    """Whether the other side ends it, by whatever means."""
    connection.setblocking(False)
    with contextlib.suppress(ConnectionResetError):
        return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(connection, 1), 20) == b""
    return True


async def connected(port: int, turns: int) -> socket.socket:
    """A client of the listener, so many turns of the loop ago."""
    connection = socket.create_connection(("127.0.0.1", port))
    for _ in range(turns):
        await asyncio.sleep(0)
    return connection


@pytest.mark.parametrize("turns", TURNS)
def test_whoever_connects_while_a_proxy_is_stopped_is_hung_up_on(run: Run, turns: int) -> None:
    async def stop_it() -> None:
        timers = Timers(asyncio.get_running_loop())
        with socket.create_server(("127.0.0.1", 0)) as upstream:
            address = f"127.0.0.1:{upstream.getsockname()[1]}"
            proxy = Proxy("p", "127.0.0.1:0", address, timers, random.Random())
            await proxy.start()
            port = int(proxy.listen.rpartition(":")[2])
            with await connected(port, turns) as client:
                await proxy.stop("the test ends")
                assert await ended(client)
            assert proxy.journal.live() == []
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port))
            await proxy.start()
            assert int(proxy.listen.rpartition(":")[2]) == port, "the address is free again at once"
            await proxy.stop("the test ends")
        timers.close()

    run(stop_it())


@pytest.mark.parametrize("turns", TURNS)
def test_whoever_connects_while_a_listener_is_closed_is_let_in_and_known_or_refused(
    run: Run, turns: int
) -> None:
    async def close_it() -> None:
        known: list[asyncio.BaseTransport] = []

        class Known(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                known.append(transport)

        server = await asyncio.get_running_loop().create_server(Known, "127.0.0.1", 0)
        with await connected(server.sockets[0].getsockname()[1], turns) as client:
            await close(server)
            await close(server)
            for _ in TURNS:
                await asyncio.sleep(0)
            for transport in known:
                transport.close()
            assert await ended(client), "nobody else holds it"

    run(close_it())
