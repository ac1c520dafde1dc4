"""Asking: the transport that a connection of the generator sees when somebody else writes its requests."""

import asyncio
from collections.abc import Callable


class Asking(asyncio.Transport):
    """Calls instead of writing; everything else is the transport's own."""

    def __init__(self, transport: asyncio.Transport, ask: Callable[[], None]) -> None:
        super().__init__()
        self._transport, self._ask = transport, ask

    def write(self, data: object) -> None:  # noqa: ARG002 -- the bytes of HTTP/1.1, which are not what is sent
        """Ask."""
        self._ask()

    def abort(self) -> None:
        """Drop the connection."""
        self._transport.abort()

    def is_closing(self) -> bool:
        """Whether it is gone or going."""
        return self._transport.is_closing()
