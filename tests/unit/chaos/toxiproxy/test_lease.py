import asyncio
import contextlib
import random
import socket

import pytest

from battery.chaos.toxiproxy.server.lease import Lease
from battery.chaos.toxiproxy.server.plane.collection import Collection, Wanted
from battery.chaos.toxiproxy.server.plane.timers import Timers


def test_a_connection_that_never_ends_does_not_keep_the_server_for_good() -> None:
    async def run() -> None:
        timers, stop = Timers(asyncio.get_running_loop()), asyncio.Event()
        proxies = Collection(timers, random.Random())
        with socket.create_server(("127.0.0.1", 0)) as upstream, contextlib.ExitStack() as stack:
            address = f"127.0.0.1:{upstream.getsockname()[1]}"
            proxy = await proxies.add(Wanted(name="p", listen="127.0.0.1:0", upstream=address))
            host, port = proxy.listen.split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            stack.callback(writer.close)
            while not proxies.connections():
                await asyncio.sleep(0)
            await asyncio.wait_for(Lease(proxies, 0.0, stop, limit=0.2).run_out(), 20)
            assert stop.is_set()
            assert proxies.connections() == 1
            await proxies.stop("over")
            assert await asyncio.wait_for(reader.read(), 20) == b""
        timers.close()

    asyncio.run(run())


def test_a_proxy_that_cannot_be_enabled_is_told_and_nothing_else_stops(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def run() -> None:
        timers, stop = Timers(asyncio.get_running_loop()), asyncio.Event()
        proxies = Collection(timers, random.Random())
        await proxies.add(Wanted(name="p", listen="192.0.2.1:5", upstream="x:1", enabled=False))
        await asyncio.wait_for(Lease(proxies, 0.0, stop).run_out(), 20)
        assert stop.is_set()
        timers.close()

    asyncio.run(run())
    assert "a proxy cannot be enabled again: listen tcp 192.0.2.1:5: bind" in capsys.readouterr().err
