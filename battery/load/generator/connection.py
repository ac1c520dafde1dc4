"""One connection: sends one request at a time, reads its answer, tells the engine how it went. The hot path."""

import asyncio
import re
from time import perf_counter_ns
from typing import TYPE_CHECKING

import httptools

if TYPE_CHECKING:
    from battery.load.generator.cell import Cell
    from battery.load.generator.engine import Engine
    from battery.load.job import JobEndpoint

_FRAMED = re.compile(rb"\r\n(?:content-length|transfer-encoding)\s*:", re.IGNORECASE)
_INFORMATIONAL = range(100, 200)
_SWITCHING = 101


class Connection(asyncio.Protocol):
    """Keep-alive HTTP/1.1 without pipelining; bodies are counted, not kept."""

    def __init__(self, engine: "Engine") -> None:
        self.engine = engine
        self.transport: asyncio.Transport | None = None
        self.parser = httptools.HttpResponseParser(self)
        self.busy = False
        self.cell: Cell | None = None
        self.endpoint: JobEndpoint | None = None
        self.intended = 0
        self.sent = 0
        self.received = 0
        self.head = b""
        self.headers_done = False
        self.complete = False
        self.keep = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready for the first request."""
        self.transport = transport  # type: ignore[assignment]
        self.engine.connections.add(self)
        self.engine.idle(self)

    def send(self, cell: "Cell", endpoint: "JobEndpoint", intended: int, now: int) -> None:
        """Send one request; `intended` is when its schedule wanted it sent."""
        self.cell, self.endpoint, self.intended, self.sent = cell, endpoint, intended, now
        self.busy = True
        self.received = 0
        cell.sent += 1
        self.transport.write(endpoint.request)  # type: ignore[union-attr]

    def data_received(self, data: bytes) -> None:
        """Part of an answer."""
        now = perf_counter_ns()
        if not self.busy:
            self.close()  # an answer that nobody asked for
            return
        if not self.received:
            self.head = data
        self.received += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self.fail("protocol", now)
            return
        if self.complete:
            self._finish(now)
        elif self.received > self.engine.body_cap:
            self.fail("protocol", now)

    def on_headers_complete(self) -> None:
        """httptools: the head is read. An answer to HEAD ends here, whatever length it states."""
        self.headers_done = True
        if self.endpoint.method == "HEAD":  # type: ignore[union-attr]
            self.complete = True
            self.keep = self.parser.should_keep_alive()

    def on_message_complete(self) -> None:
        """httptools: the answer is whole, unless it is only a 1xx."""
        status = self.parser.get_status_code()
        if status in _INFORMATIONAL and status != _SWITCHING:
            self.headers_done = False
            return
        self.complete = True
        self.keep = self.parser.should_keep_alive()  # after the message the parser has forgotten it

    def connection_lost(self, error: Exception | None) -> None:
        """The other side went away; an answer that is framed by the close is whole, any other is torn."""
        self.engine.connections.discard(self)
        if self.busy:
            now = perf_counter_ns()
            if (
                error is None
                and self.headers_done
                and not _FRAMED.search(self.head.partition(b"\r\n\r\n")[0])
            ):
                self._record(self.judge(), now)
            else:
                self._record("reset", now)
        self.engine.lost(self)

    def judge(self) -> str:
        """The error kind of a whole answer; empty when it is as expected."""
        return "" if self.parser.get_status_code() in self.endpoint.status else "status"  # type: ignore[union-attr]

    def fail(self, kind: str, now: int) -> None:
        """Give the request up, and the connection with it."""
        if self.busy:
            self._record(kind, now)
        self.close()

    def close(self) -> None:
        """Drop the connection without waiting for the other side."""
        self.engine.connections.discard(self)
        if self.transport is not None:
            self.transport.abort()

    def _finish(self, now: int) -> None:
        if self.endpoint.method == "HEAD":  # type: ignore[union-attr]
            self.parser = httptools.HttpResponseParser(self)
        self._record(self.judge(), now)
        self.complete = self.headers_done = False
        if self.keep:
            self.engine.idle(self)
        else:
            self.close()

    def _record(self, kind: str, now: int) -> None:
        cell = self.cell
        self.busy = False
        cell.response.append((now - self.intended) // 1000)  # type: ignore[union-attr]
        cell.service.append((now - self.sent) // 1000)  # type: ignore[union-attr]
        if kind:
            cell.failed += 1  # type: ignore[union-attr]
            cell.errors[kind] = cell.errors.get(kind, 0) + 1  # type: ignore[union-attr]
        else:
            cell.ok += 1  # type: ignore[union-attr]


class BodyConnection(Connection):
    """Keeps the body too, for expectations about it."""

    def __init__(self, engine: "Engine") -> None:
        self.body: list[bytes] = []
        super().__init__(engine)

    def send(self, cell: "Cell", endpoint: "JobEndpoint", intended: int, now: int) -> None:
        """Send one request."""
        self.body.clear()
        super().send(cell, endpoint, intended, now)

    def on_body(self, part: bytes) -> None:
        """httptools: part of the body."""
        self.body.append(part)

    def judge(self) -> str:
        """The error kind of a whole answer."""
        kind = super().judge()
        wanted = self.endpoint.body_contains  # type: ignore[union-attr]
        return kind or ("" if wanted in b"".join(self.body) else "expectation")
