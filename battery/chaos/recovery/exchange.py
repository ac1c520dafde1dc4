"""One exchange: a request and its answer on a connection of its own, HTTP/1.1."""

import asyncio
from time import monotonic
from typing import NamedTuple

import httptools

from battery.chaos.recovery.request import Request
from battery.load.generator.json_value import holds_values

_HEAD_CAP = 64 * 1024
_SWITCHING = 101
_FRAMING = (b"content-length", b"transfer-encoding")


class Answer(NamedTuple):
    """What came back, and when its last byte was read; `error` says why nothing whole came."""

    status: int
    body: bytes
    error: str
    done: float


class Exchange(asyncio.Protocol):
    """Sends at once when connected; `answer` and `closed` are always set in the end; who waits for them may give up."""

    def __init__(self, request: Request, body_cap: int) -> None:
        loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[Answer] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self._request, self._cap = request, body_cap
        self._transport: asyncio.Transport
        # Dropped with the connection: the two refer to each other.
        self._parser: httptools.HttpResponseParser | None = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._size = self._head = 0
        self._status = 0
        self._framed = self._headers_done = self._complete = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send."""
        self._transport = transport  # type: ignore[assignment]
        self._transport.write(self._request.request)

    def data_received(self, data: bytes) -> None:
        """Part of the answer."""
        now = monotonic()
        if self.answer.done() or self._parser is None:
            return
        self._head += 0 if self._headers_done else len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            if not self._complete:
                self._settle("protocol", now)
                return
        if self._complete:
            self._settle("", now)
        elif self._size > self._cap or (not self._headers_done and self._head > _HEAD_CAP):
            self._settle("protocol", now)

    def connection_lost(self, error: Exception | None) -> None:
        """The other side went away; an answer that is framed by the close is whole, any other is torn."""
        if not self.answer.done():
            whole = error is None and self._headers_done and not self._framed
            self._settle("" if whole else "reset", monotonic())
        self._parser = None
        if not self.closed.done():
            self.closed.set_result(None)

    def on_header(self, name: bytes, value: bytes) -> None:  # noqa: ARG002 -- httptools gives both
        """httptools: a header."""
        self._framed = self._framed or name.lower() in _FRAMING

    def on_headers_complete(self) -> None:
        """httptools: the head is read. An answer to HEAD ends here, whatever length it states."""
        if self._complete or self._parser is None:
            return
        self._headers_done = True
        self._status = self._parser.get_status_code()
        if self._request.method == "HEAD" and not self._is_informational():
            self._complete = True

    def on_body(self, part: bytes) -> None:
        """httptools: part of the body."""
        if self._size <= self._cap and not self._complete:
            self._body.append(part)
        self._size += len(part)

    def on_message_complete(self) -> None:
        """httptools: the answer is whole, unless it is only a 1xx."""
        if self._is_informational():
            self._headers_done = self._framed = False
            self._head = 0
        else:
            self._complete = True

    async def let_go(self) -> None:
        """Close the connection and wait until it is gone."""
        is_whole = self.answer.done() and not self.answer.cancelled() and not self.answer.result().error
        if is_whole:
            self._transport.close()
        else:
            self._transport.abort()
        await self.closed

    def _is_informational(self) -> bool:
        return 100 <= self._status < 200 and self._status != _SWITCHING

    def _settle(self, error: str, now: float) -> None:
        self.answer.set_result(Answer(self._status, b"".join(self._body), error, now))


def judged(request: Request, answer: Answer) -> str:
    """The error kind of an answer; empty when it is as the request expects."""
    if answer.error:
        return answer.error
    if answer.status not in request.status:
        return "status"
    if request.body_contains not in answer.body or (
        request.json and not holds_values(answer.body, request.json)
    ):
        return "expectation"
    return ""
