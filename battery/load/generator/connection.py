"""One connection: sends one request at a time, reads its answer, tells the engine how it went. The hot path."""

import asyncio
import re
from time import perf_counter_ns
from typing import TYPE_CHECKING, NamedTuple

import httptools

from battery.load.generator.json_value import holds_values

if TYPE_CHECKING:
    from battery.load.generator.cell import Cell
    from battery.load.generator.engine import Engine
    from battery.load.job import JobEndpoint

_FRAMED = re.compile(rb"\r\n(?:content-length|transfer-encoding)\s*:", re.IGNORECASE)
_INFORMATIONAL = range(100, 200)
_SWITCHING = 101
_HEAD_CAP = 64 * 1024
_IDEMPOTENT = frozenset(("GET", "HEAD", "OPTIONS", "PUT", "DELETE"))
# Servers close connections that were idle for seconds; one that was used a moment ago is closed for other reasons.
_STALE_NS = 500_000_000


class Request(NamedTuple):
    """A request on its way: where it is counted, what is sent, and when its schedule wanted it sent."""

    cell: "Cell"
    endpoint: "JobEndpoint"
    intended: int


class Connection(asyncio.Protocol):
    """Keep-alive HTTP/1.1 without pipelining; bodies are counted, not kept.

    A request whose connection closes before a byte of the answer is a failure, with one exception (RFC 9110, 9.2.2):
    an idempotent one on a connection that had been idle for half a second met the server's idle limit. Like browsers
    do, it is sent once more at once on a fresh connection; its latency still counts from its first due time, and
    the ledger counts it as retried.
    """

    def __init__(self, engine: "Engine", since: int = 0, again: Request | None = None) -> None:
        """`since`: from when on a user waits for this connection, 0 for nobody; `again`: what to send at once."""
        self.engine = engine
        self.since, self.again = since, again
        self.transport: asyncio.Transport | None = None
        # Made with the connection and dropped with it: the two refer to each other, and the collector is off.
        self.parser: httptools.HttpResponseParser | None = None
        self.busy = False
        self.cell: Cell | None = None
        self.endpoint: JobEndpoint | None = None
        self.intended = 0
        self.sent = 0
        self.used = 0
        self.idled = 0
        self.received = 0
        self.status = 0
        self.head = b""
        self.headers_done = False
        self.complete = False
        self.keep = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready for the first request."""
        self.transport = transport  # type: ignore[assignment]
        self.parser = httptools.HttpResponseParser(self)
        self.engine.connections.add(self)
        self.used = now = perf_counter_ns()
        if self.again is None:
            self.engine.idle(self)
        else:
            self.send(*self.again, now)
            self.again.cell.sent -= 1  # it was counted when it was sent first
            self.again = None

    def send(self, cell: "Cell", endpoint: "JobEndpoint", intended: int, now: int) -> None:
        """Send one request; `intended` is when its schedule wanted it sent."""
        self.cell, self.endpoint, self.intended, self.sent = cell, endpoint, intended, now
        self.busy = True
        self.received = 0
        self.idled = now - self.used
        cell.sent += 1
        self.transport.write(endpoint.request)  # type: ignore[union-attr]

    def data_received(self, data: bytes) -> None:
        """Part of an answer."""
        now = perf_counter_ns()
        if not self.busy:
            self.close()  # an answer that nobody asked for
            return
        if not self.headers_done:
            self.head = self.head + data if self.received else data
        self.received += len(data)
        try:
            self.parser.feed_data(data)  # type: ignore[union-attr]
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.keep = False
            if not self.complete:
                self.fail("protocol", now)
                return
        if self.complete:
            self._finish(now)
        elif self.received > self.engine.body_cap or (not self.headers_done and len(self.head) > _HEAD_CAP):
            self.fail("protocol", now)

    def on_message_begin(self) -> None:
        """httptools: a message begins. One that nobody asked for makes the connection unusable, not the answer wrong."""
        if self.complete:
            self.keep = False

    def on_headers_complete(self) -> None:
        """httptools: the head is read. An answer to HEAD ends here, whatever length it states."""
        if self.complete:
            return
        self.headers_done = True
        if not self._is_informational() and self.endpoint.method == "HEAD":  # type: ignore[union-attr]
            self.on_message_complete()

    def on_message_complete(self) -> None:
        """httptools: the answer is whole, unless it is only a 1xx."""
        if self.complete:
            return
        if self._is_informational():
            self.headers_done = False
            self.head = self.head.partition(b"\r\n\r\n")[2]
            return
        self.complete = True
        self.keep = self.parser.should_keep_alive()  # type: ignore[union-attr] # after the message it has forgotten

    def connection_lost(self, error: Exception | None) -> None:
        """The other side went away; an answer that is framed by the close is whole, any other is torn."""
        self.engine.connections.discard(self)
        kind = ""
        if self.busy:
            now = perf_counter_ns()
            if error is None and self.headers_done and not _FRAMED.search(_only_head(self.head)):
                self._record(self.judge(), now)
            elif self._met_idle_limit():
                self.busy = False
                self.engine.repeat(Request(self.cell, self.endpoint, self.intended))  # type: ignore[arg-type]
                self._let_go()
                return
            else:
                kind = "reset"
                self._record(kind, now)
        self._let_go()
        self.engine.lost(self, kind)

    def judge(self) -> str:
        """The error kind of a whole answer; empty when it is as expected."""
        return "" if self.status in self.endpoint.status else "status"  # type: ignore[union-attr]

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
        self.used = now
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

    def _is_informational(self) -> bool:
        """Reads the status too: another message may follow in the same bytes."""
        self.status = status = self.parser.get_status_code()  # type: ignore[union-attr]
        return status in _INFORMATIONAL and status != _SWITCHING

    def _met_idle_limit(self) -> bool:
        return (
            not self.received
            and self.idled >= _STALE_NS
            and not self.engine.closing
            and self.endpoint.method in _IDEMPOTENT  # type: ignore[union-attr]
        )

    def _let_go(self) -> None:
        """Break the cycle with the parser."""
        self.parser = None
        self.head = b""


class BodyConnection(Connection):
    """Looks for the expected text in the body as it passes; keeps only what a match may begin in.

    Where JSON values are expected, the body is kept to its end; the cap bounds it.
    """

    def __init__(self, engine: "Engine", since: int = 0, again: Request | None = None) -> None:
        super().__init__(engine, since, again)
        self.found = False
        self.tail = b""
        self.body: list[bytes] = []

    def send(self, cell: "Cell", endpoint: "JobEndpoint", intended: int, now: int) -> None:
        """Send one request."""
        self.found = False
        self.tail = b""
        self.body.clear()
        super().send(cell, endpoint, intended, now)

    def on_body(self, part: bytes) -> None:
        """httptools: part of the body."""
        if self.endpoint.json and not self.complete:  # type: ignore[union-attr]
            self.body.append(part)
        if not self.found and not self.complete:
            wanted = self.endpoint.body_contains  # type: ignore[union-attr]
            window = self.tail + part
            self.found = wanted in window
            self.tail = window[1 - len(wanted) :] if len(wanted) > 1 else b""

    def judge(self) -> str:
        """The error kind of a whole answer."""
        endpoint = self.endpoint
        if kind := super().judge():
            return kind
        text_holds = self.found or not endpoint.body_contains  # type: ignore[union-attr]
        values = endpoint.json  # type: ignore[union-attr]
        values_hold = not values or holds_values(b"".join(self.body), values)
        return "" if text_holds and values_hold else "expectation"


def _only_head(data: bytes) -> bytes:
    return data.partition(b"\r\n\r\n")[0]
