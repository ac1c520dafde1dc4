"""The scripted server: one site on a free port of this machine, in the loop of the scanner that looks at it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from battery.conversations import listening
from battery.scan.assess.target.site import Heard, Said, Site

_MOST_HEAD, _CHUNK = 4 * 1024 * 1024, 65536
_MOST_BODY = 64 * 1024 * 1024


@asynccontextmanager
async def serving(
    site: Site, tls: ssl.SSLContext | None = None, urls: dict[str, str] | None = None
) -> AsyncIterator[int]:
    """The port on which the site listens for the time of the block; `urls` is where else it does, by scheme."""
    server = _Server(site, "https" if tls else "http", {} if urls is None else urls)
    async with listening(server.talk, limit=_MOST_HEAD, tls=tls) as port:
        yield port


class _Server:
    """Answers one request a connection."""

    def __init__(self, site: Site, scheme: str, urls: dict[str, str]) -> None:
        self._site, self._scheme, self._urls = site, scheme, urls
        self._half_sent = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read a head, answer, close."""
        try:
            head = await self._head(reader)
            said = self._site(self._heard(head, writer.get_extra_info("peername")[0]))
            await asyncio.sleep(said.wait)
            if said.status >= 0:
                writer.write(_as_bytes(said))
                await writer.drain()
                await _drained(reader, head)
                # The scanner closes once it has the answer; to close first costs TLS a pause.
                await reader.read(1)
        finally:
            writer.transport.abort()

    async def _head(self, reader: asyncio.StreamReader) -> bytes:
        self._half_sent += 1
        try:
            return await reader.readuntil(b"\r\n\r\n")
        finally:
            self._half_sent -= 1

    def _heard(self, head: bytes, client: str) -> Heard:
        words = head.partition(b"\r\n")[0].decode("latin-1").split(" ")
        method, target = (words[0], words[1]) if len(words) > 1 else (words[0], "")
        path, _, query = target.partition("?")
        fields = _fields(head)
        return Heard(method, path, query, fields, client, self._scheme, head, self._half_sent, self._urls)


async def _drained(reader: asyncio.StreamReader, head: bytes) -> None:
    """Read what was announced: a connection that is closed over unread bytes loses its answer."""
    length = _fields(head).get("content-length", "0")
    left = min(int(length), _MOST_BODY) if length.isdigit() else 0
    while left > 0 and (got := await reader.read(min(left, _CHUNK))):
        left -= len(got)


def _fields(head: bytes) -> dict[str, str]:
    pairs = (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _as_bytes(said: Said) -> bytes:
    body = said.body.encode("utf-8", "surrogateescape")
    fields = (*said.headers, ("Content-Length", str(len(body))), ("Connection", "close"))
    lines = [f"HTTP/1.1 {said.status} said", *(f"{name}: {value}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace") + body
