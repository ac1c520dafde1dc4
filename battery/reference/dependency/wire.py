"""One connection to the dependency: a line out, a JSON line back."""

import asyncio

from battery.reference.dependency.address import Address

LONGEST_LINE = 64 * 1024


class Wire:
    """A connection that carries one question at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def ask(self, question: str) -> bytes:
        """The line that answers `question`.

        Raises: OSError, EOFError or LimitOverrunError when no whole line comes back.
        """
        self._writer.write(f"{question}\n".encode())
        await self._writer.drain()
        return await self._reader.readuntil(b"\n")

    def usable(self) -> bool:
        """Whether the other side has not closed it, as far as is known."""
        return not self._writer.is_closing() and not self._reader.at_eof()

    def discard(self) -> None:
        """Drop it; what is in its buffers is for nobody."""
        self._writer.transport.abort()


async def connect(address: Address, seconds: float) -> Wire:
    """A fresh connection.

    Raises: OSError or TimeoutError.
    """
    async with asyncio.timeout(seconds):
        return Wire(*await asyncio.open_connection(address.host, address.port, limit=LONGEST_LINE))
