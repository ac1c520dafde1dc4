"""HTTP/1.1 as far as the API needs it: requests in their order, one after the other, on connections that stay open."""

import asyncio
import itertools
import secrets
from collections import deque

import httptools

from battery.chaos.toxiproxy.server.api.answer import Answer, refused, sent, text_answer
from battery.chaos.toxiproxy.server.api.refusal import Refusal
from battery.chaos.toxiproxy.server.api.routes import Request, Routes

_LARGEST_HEAD = 64 * 1024
_LARGEST_BODY = 16 * 1024 * 1024


class Ids:
    """Request ids: unlike any other server's, and in order."""

    def __init__(self) -> None:
        self._prefix, self._numbers = secrets.token_hex(6), itertools.count(1)

    def next(self) -> str:
        """The next one."""
        return f"{self._prefix}{next(self._numbers):08x}"


class HttpProtocol(asyncio.Protocol):
    """One client of the API."""

    def __init__(self, routes: Routes, ids: Ids) -> None:
        self._routes, self._ids = routes, ids
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport
        self._waiting: deque[tuple[Request, bool]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self.on_message_begin()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Some bytes of requests."""
        if self._closing:
            return
        self._size += len(data)
        try:
            self._feed(data)
        except httptools.HttpParserError:
            self._refuse(400, "400 Bad Request")
        else:
            if self._size > (_LARGEST_BODY if self._in_body else _LARGEST_HEAD):
                self._refuse(413 if self._in_body else 431, "too large")

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 -- the shape of a protocol
        """The client is gone; what it asked for is done to its end all the same."""
        self._closing = True

    def on_message_begin(self) -> None:
        """A request begins."""
        self._target = self._agent = ""
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = bytearray()
        self._size, self._in_body, self._expects = 0, False, False

    def on_url(self, url: bytes) -> None:
        """The target, or a part of it."""
        self._target += url.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; two of them matter."""
        key = name.lower()
        self._headers.append((key, value))
        if key == b"user-agent":
            self._agent = value.decode("latin-1")
        elif key == b"expect":
            self._expects = value.lower() == b"100-continue"

    def on_headers_complete(self) -> None:
        """The head is whole."""
        if self._is_replayed():
            return
        self._in_body, self._size = True, 0
        if self._expects:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._body += body

    def on_message_complete(self) -> None:
        """A request is whole."""
        if self._is_replayed():
            return
        request = Request(
            method=self._parser.get_method().decode(),
            target=_path(self._target),
            agent=self._agent,
            body=bytes(self._body),
        )
        self._in_body, self._size = False, 0
        self._waiting.append((request, self._parser.should_keep_alive()))
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work())

    def _feed(self, data: bytes) -> None:
        """Read on; a wish for another protocol is not granted, so the request is read as what it is without it.

        The parser ends at such a wish, before the body, and cannot go on: another one takes over.
        """
        while True:
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as wish:
                head = self._plain_head() if self._is_replayed() else b""
                self._parser = httptools.HttpRequestParser(self)
                data = head + data[wish.args[0] :]
            else:
                return

    def _is_replayed(self) -> bool:
        """Whether the request asks for another protocol; CONNECT does by its name, and has no body."""
        return self._parser.should_upgrade() and self._parser.get_method() != b"CONNECT"

    def _plain_head(self) -> bytes:
        version = self._parser.get_http_version().encode()
        lines = [self._parser.get_method() + b" " + self._target.encode("latin-1") + b" HTTP/" + version]
        lines += [name + b": " + value for name, value in self._headers if name != b"upgrade"]
        return b"\r\n".join([*lines, b"", b""])

    async def _work(self) -> None:
        while self._waiting:
            request, keep_alive = self._waiting.popleft()
            answer = await self._answer(request)
            bodiless = request.method == "HEAD"
            if not self._transport.is_closing():
                self._transport.write(
                    sent(answer, self._ids.next(), keep_alive=keep_alive, bodiless=bodiless)
                )
            if not keep_alive:
                self._transport.close()
                return

    async def _answer(self, request: Request) -> Answer:
        try:
            return await self._routes.answer(request)
        except Exception as error:  # noqa: BLE001 -- the last line of defence: a client must not wait for good
            return refused(Refusal(f"internal error: {type(error).__name__}: {error}", 500))

    def _refuse(self, status: int, text: str) -> None:
        self._closing = True
        self._transport.write(sent(text_answer(status, text, matched=False), "", keep_alive=False))
        self._transport.close()


def _path(target: str) -> str:
    """The target without scheme and host, which a client of a web proxy would send."""
    if target.startswith("/"):
        return target
    _, _, rest = target.partition("://")
    _, slash, path = rest.partition("/")
    return slash + path or "/"
