"""Serving over HTTP until a signal comes."""

import asyncio
import signal
import socket
import ssl
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

import uvicorn
from starlette.types import ASGIApp

from battery.reference.lifecycle import Lifecycle
from battery.reference.malformed import Protocol

# Below the 5 s after which whoever stops the service usually kills it.
GRACE_SECONDS = 4
# How long a client that keeps its connection is given to hear that it is the last answer on it.
FAREWELL_SECONDS = 0.4
KEEP_ALIVE_SECONDS = 30
BACKLOG = 1024
OnSignal = Callable[[int, FrameType | None], None]


class _Server(uvicorn.Server):
    """Calls back once it accepts connections, and takes leave of its clients before it closes theirs."""

    def __init__(
        self,
        config: uvicorn.Config,
        lifecycle: Lifecycle,
        on_listening: Callable[[], None],
        on_signal: OnSignal | None,
    ) -> None:
        super().__init__(config)
        self._lifecycle, self._on_listening, self._on_signal = lifecycle, on_listening, on_signal

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Not ready from this moment."""
        if self._on_signal:
            self._on_signal(sig, frame)
        self._lifecycle.drain()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept nothing more, answer what comes on open connections as the last of each, then end."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        # A request that crosses the close of its connection would be lost: so the close is announced first.
        patience = asyncio.get_running_loop().time() + FAREWELL_SECONDS
        while self.server_state.connections and asyncio.get_running_loop().time() < patience:
            await asyncio.sleep(0.01)
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one.

    Raises: OSError when the address is taken or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends without delay only on sockets that name TCP as their protocol; without it each answer
    # on a kept connection waits some 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A restart may take the port while connections of the last process are fading out.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def inherit(descriptor: int) -> socket.socket:
    """The listening socket that a supervisor holds.

    Raises: OSError when the descriptor is none.
    """
    return socket.socket(fileno=descriptor)


def exit_on_signals() -> None:
    """Let SIGTERM and SIGINT end the process with 0.

    uvicorn catches both while it serves, finishes what is in flight, and raises them again for this handler.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _exit)


def serve(
    app: ASGIApp,
    listener: socket.socket,
    lifecycle: Lifecycle,
    on_listening: Callable[[], None],
    on_signal: OnSignal | None = None,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Answer requests until a signal comes, then finish those in flight; a defect hooks into `on_signal`."""
    config = uvicorn.Config(
        app,
        http=Protocol,
        loop="asyncio",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # Whoever is counted by address must not be able to claim another one.
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    config.load()
    config.ssl = tls
    _Server(config, lifecycle, on_listening, on_signal).run(sockets=[listener])


def _exit(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
