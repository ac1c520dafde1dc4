"""Serving over HTTP until a signal comes."""

import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

import uvicorn
from starlette.types import ASGIApp

from battery.reference.malformed import Protocol

# Below the 5 s after which whoever stops the service usually kills it.
GRACE_SECONDS = 4
KEEP_ALIVE_SECONDS = 30
BACKLOG = 1024


class _Server(uvicorn.Server):
    """Calls back once it accepts connections."""

    def __init__(self, config: uvicorn.Config, on_listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_listening = on_listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_listening()


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


def exit_on_signals() -> None:
    """Let SIGTERM and SIGINT end the process with 0.

    uvicorn catches both while it serves, finishes what is in flight, and raises them again for this handler.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _exit)


def serve(app: ASGIApp, listener: socket.socket, on_listening: Callable[[], None]) -> None:
    """Answer requests until a signal comes, then finish those in flight."""
    config = uvicorn.Config(
        app,
        http=Protocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    _Server(config, on_listening).run(sockets=[listener])


def _exit(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
