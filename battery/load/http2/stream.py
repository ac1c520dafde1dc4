"""The stream: what httpcore reads from and writes to, over a connection that is open already."""

import asyncio
from typing import Any

import httpcore

_BUFFER = 64 * 1024


class Stream(httpcore.AsyncNetworkStream):
    """Bytes of one transport. `torn` says that the end of the connection has been read."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.torn = False
        self._transport = transport
        self._reader = asyncio.StreamReader(limit=_BUFFER)
        self._reader.set_transport(transport)

    def feed(self, data: bytes) -> None:
        """Data came; the transport pauses when more than is being read piles up."""
        self._reader.feed_data(data)

    def end(self) -> None:
        """The connection is gone: what came before can still be read."""
        self._reader.feed_eof()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 -- httpcore's shape; the engine watches deadlines
        """Some bytes; none at the end."""
        data = await self._reader.read(max_bytes)
        self.torn = not data
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 -- httpcore's shape
        """Send; nothing where the connection is gone: an answer may have come before that, and reading tells."""
        if buffer and not self._transport.is_closing():
            self._transport.write(buffer)

    async def aclose(self) -> None:
        """Drop the connection; the protocol hears of it as of any other end."""
        self._transport.abort()

    def get_extra_info(self, info: str) -> Any:
        """What the transport knows."""
        return self._transport.get_extra_info(info)
