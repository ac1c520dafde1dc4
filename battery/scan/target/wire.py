"""The wire: one connection, and what its failures mean."""

import asyncio
import ssl
from types import TracebackType

from battery.model.frozen import Frozen
from battery.scan.target.answer import Silence, Why
from battery.scan.target.reading import Reading

_CHUNK = 65536
_RECORD_HEAD = 5


class Presented(Frozen, frozen=True, kw_only=True):
    """A certificate in DER, with OpenSSL's code and words where it is not trusted."""

    der: bytes
    code: int = 0
    complaint: str = ""


class Wire:
    """A connection, closed without ceremony: a hostile peer never gets to delay the end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def __enter__(self) -> "Wire":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop the connection."""
        self._writer.transport.abort()

    @property
    def closed(self) -> bool:
        """Whether the other side has ended it."""
        return self._reader.at_eof() or self._reader.exception() is not None

    async def read(self, most: int) -> bytes:
        """What has come, or nothing at the end."""
        return await self._reader.read(most)

    async def write(self, data: bytes) -> None:
        """Send some bytes."""
        self._writer.write(data)
        await self._writer.drain()

    async def first_record(self, data: bytes, most: int) -> bytes:
        """Send a greeting and read the first TLS record that answers it, or what comes instead."""
        self._writer.write(data)
        head = await self._some(_RECORD_HEAD)
        if len(head) < _RECORD_HEAD:
            return head
        return head + await self._some(min(int.from_bytes(head[3:5]), most))

    async def _some(self, count: int) -> bytes:
        """So many bytes, or what comes before the end."""
        got = b""
        while len(got) < count and (more := await self._reader.read(count - len(got))):
            got += more
        return got

    async def converse(self, data: bytes, reading: Reading) -> None:
        """Send, and read the answer, which may come before everything is sent."""
        self._writer.write(data)
        while not reading.finished:
            got = await self._reader.read(_CHUNK)
            if not got:
                reading.end()
                return
            reading.feed(got)

    def certificate(self) -> bytes:
        """The peer's certificate in DER."""
        tls: ssl.SSLObject = self._writer.get_extra_info("ssl_object")
        return tls.getpeercert(binary_form=True) or b""


def silence_of(url: str, error: Exception, seconds: float) -> Silence:
    """What an exception of the network means, in words."""
    why: Why = "refused"
    reason = f"cannot be reached: {error}"
    if isinstance(error, TimeoutError):
        why, reason = "timeout", f"no complete answer within {seconds:.1f} s"
    elif isinstance(error, ssl.SSLCertVerificationError):
        why, reason = "certificate", f"the certificate is not trusted: {error.verify_message or error}"
    elif isinstance(error, ssl.SSLError):
        why, reason = "tls", f"no TLS: {error.reason or error}"
    elif isinstance(error, ConnectionRefusedError):
        reason = "the connection was refused"
    elif isinstance(error, ConnectionError):
        why, reason = "reset", "the connection was broken off"
    return Silence(url=url, why=why, reason=reason, seconds=seconds)
