"""The server's life: proxies of the configuration, the API's listener, signals, the lease, the end."""

import asyncio
import os
import random
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from battery.chaos.toxiproxy.failure import ToxiproxyUnsuitable
from battery.chaos.toxiproxy.server.api.protocol import HttpProtocol, Ids
from battery.chaos.toxiproxy.server.api.refusal import Refusal
from battery.chaos.toxiproxy.server.api.routes import Routes
from battery.chaos.toxiproxy.server.api.wishes import many_proxies
from battery.chaos.toxiproxy.server.lease import Lease
from battery.chaos.toxiproxy.server.plane.address import LARGEST_PORT, AddressProblem
from battery.chaos.toxiproxy.server.plane.closing import close
from battery.chaos.toxiproxy.server.plane.collection import Collection
from battery.chaos.toxiproxy.server.plane.timers import Timers
from battery.errors import DefinitionError
from battery.model.frozen import Frozen


class Settings(Frozen, frozen=True, kw_only=True):
    """Where to listen, and with what."""

    host: str = "127.0.0.1"
    port: int = 0
    config: Path | None = None
    metrics: bool = False
    leased: bool = False
    linger: float = 30.0


def serve_until_signal(settings: Settings, announce: Callable[[str, int, int], None]) -> None:
    """Serve until a signal or the lease ends it; `announce` gets host, port and the number of proxies.

    Raises: DefinitionError for the configuration file, ToxiproxyUnsuitable when the address cannot be listened at.
    """
    try:
        import uvloop
    except ImportError:
        asyncio.run(serve(settings, announce))
    else:
        uvloop.run(serve(settings, announce))


async def serve(settings: Settings, announce: Callable[[str, int, int], None]) -> None:
    """As `serve_until_signal`, within a loop."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    timers = Timers(loop)
    proxies = Collection(timers, random.Random())
    try:
        await _populate(proxies, settings.config)
        server = await _listen(proxies, settings)
        announce(settings.host, server.sockets[0].getsockname()[1], len(proxies.all()))
        if settings.leased:
            Lease(proxies, settings.linger, stop).begin()
        await stop.wait()
        await close(server)
    finally:
        await proxies.stop("the server ends")
        timers.close()


async def _populate(proxies: Collection, config: Path | None) -> None:
    if config is None:
        return
    try:
        for wanted in many_proxies(config.read_bytes()):
            await proxies.put(wanted)
    except OSError as error:
        raise DefinitionError(str(config), error.strerror or str(error)) from None
    except (Refusal, AddressProblem) as problem:
        hint = "a list of proxies as Toxiproxy's own --config takes"
        raise DefinitionError(str(config), str(problem), hint=hint) from None


async def _listen(proxies: Collection, settings: Settings) -> asyncio.Server:
    routes, ids = Routes(proxies, counted=settings.metrics), Ids()
    if not 0 <= settings.port <= LARGEST_PORT:  # uvloop takes the remainder, and listens somewhere
        raise ToxiproxyUnsuitable(f"--port is {settings.port}, must be from 0 to {LARGEST_PORT}")
    try:
        return await asyncio.get_running_loop().create_server(
            lambda: HttpProtocol(routes, ids), settings.host, settings.port
        )
    except (OSError, ValueError) as error:  # the latter for a host that cannot be a name
        buried = isinstance(error, OSError) and not isinstance(error, socket.gaierror) and error.errno
        reason = os.strerror(buried) if buried else str(error)  # asyncio wraps the system's words in its own
        raise ToxiproxyUnsuitable(
            f"cannot listen at {settings.host}:{settings.port}: {reason.lower()}; "
            "end what listens there, or choose another --host or --port"
        ) from None
