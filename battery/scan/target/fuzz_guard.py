"""The fuzz guard: a proxy on this machine that lets the fuzzer reach the named target and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from battery.conversations import listening
from battery.errors import UsageError
from battery.scan.target.answer import Silence
from battery.scan.target.client import Client
from battery.scan.target.scope import origin_of
from battery.scan.target.wire import Wire

_HEAD_LIMIT = 256 * 1024
_CHUNK = 65536
_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
_HOP = ("connection", "proxy-connection", "keep-alive")


@asynccontextmanager
async def fuzz_guard(client: Client, *, may_write: bool) -> AsyncIterator["FuzzGuard"]:
    """A guard that listens on a free port for the time of the block."""
    guard = FuzzGuard(client, may_write=may_write)
    async with listening(guard.talk, limit=_HEAD_LIMIT) as port:
        guard.url = f"http://127.0.0.1:{port}"
        yield guard


class FuzzGuard:
    """Relays. Every request is in the client's trace and comes out of its budget."""

    def __init__(self, client: Client, *, may_write: bool) -> None:
        self._client, self._may_write = client, may_write
        self.url = ""
        self.refused: list[str] = []
        self.spent = False

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the fuzzer: one request, or one tunnel."""
        async with asyncio.timeout(2 * self._client.limits.deadline):
            await self._serve(reader, writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        line, _, rest = head.partition(b"\r\n")
        method, _, target = line.decode("latin-1").rpartition(" ")[0].partition(" ")
        wire = await self._reach(method, target)
        if isinstance(wire, Silence):
            self.refused.append(f"{method} {target[:120]}: {wire.reason}")
            self.spent = self.spent or wire.why == "budget"
            await _refuse(writer, wire.reason)
            return
        with wire:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            else:
                await wire.write(_forwarded(method, target, rest))
            await _relay(reader, writer, wire)

    async def _reach(self, method: str, target: str) -> Wire | Silence:
        """A connection to where the request wants to go, if it may."""
        connect = method == "CONNECT"
        try:
            origin = origin_of(f"https://{target}" if connect else target)
        except UsageError as error:
            return Silence(url=target, why="scope", reason=f"not sent: {error}")
        if not connect and not self._may_write and method not in _SAFE:
            return Silence(url=target, why="scope", reason=f"not sent: {method} may change data")
        path = self._client.scope.path("/") if connect else _path(target)
        return await self._client.open(method, origin, path, tls=origin.tls and not connect)


def _path(target: str) -> str:
    parts = urlsplit(target)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _forwarded(method: str, target: str, rest: bytes) -> bytes:
    """The request for the target itself, one on a connection."""
    scheme_end = target.index("://") + 3
    slash = target.find("/", scheme_end)
    path = target[slash:] if slash >= 0 else "/"
    kept = [
        line
        for line in rest.removesuffix(b"\r\n\r\n").split(b"\r\n")
        if line and line.partition(b":")[0].strip().lower().decode("latin-1") not in _HOP
    ]
    lines = [f"{method} {path} HTTP/1.1".encode("latin-1"), *kept, b"Connection: close"]
    return b"\r\n".join([*lines, b"", b""])


async def _refuse(writer: asyncio.StreamWriter, reason: str) -> None:
    body = reason.encode("utf-8", "replace")
    writer.write(
        b"HTTP/1.1 403 Out of scope\r\nContent-Type: text/plain\r\nConnection: close\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body) + body
    )
    await writer.drain()


async def _relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: Wire) -> None:
    """Both directions until the target ends the answer."""

    async def up() -> None:
        while data := await reader.read(_CHUNK):
            await wire.write(data)

    upward = asyncio.create_task(up())
    try:
        while data := await wire.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    finally:
        upward.cancel()
        await asyncio.gather(upward, return_exceptions=True)
