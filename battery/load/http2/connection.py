"""One connection: httpcore speaks HTTP on it, one request at a time; the engine hears how each one went."""

import asyncio
from time import perf_counter_ns
from typing import TYPE_CHECKING

import httpcore

from battery.load.generator.connection import BodyConnection, Request
from battery.load.http2.asking import Asking
from battery.load.http2.dialer import negotiated
from battery.load.http2.farewell import Farewell
from battery.load.http2.kinds import TARGETS_OWN, kind_of
from battery.load.http2.outgoing import HTTP_2
from battery.load.http2.single_stream import SingleStream
from battery.load.http2.stream import Stream

if TYPE_CHECKING:
    from battery.load.generator.engine import Engine
    from battery.load.http2.engine import Http2Engine


class HttpxConnection(BodyConnection):
    """Keep-alive over HTTP/2 or HTTP/1.1, whichever was negotiated.

    Requests are sent again as in the base class, and where an HTTP/2 server says goodbye and names a request that came
    before as the last one it accepted: then it has not touched this one (RFC 9113, 6.8), whatever its method.
    """

    engine: "Http2Engine"

    def __init__(self, engine: "Engine", since: int = 0, again: Request | None = None) -> None:
        super().__init__(engine, since, again)
        self._http: SingleStream | httpcore.AsyncHTTP11Connection | None = None
        self._stream: Stream
        self._version = ""
        self._farewell: Farewell | None = None
        self._requests = 0
        self._exchange: asyncio.Task[None] | None = None
        self._gone = self._replaced = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Speak the version that was negotiated; ready for the first request."""
        self._version = negotiated(transport)
        self.engine.versions[self._version] += 1
        self._stream = Stream(transport)  # type: ignore[arg-type] # of a stream socket, as asyncio promises
        if self._version == HTTP_2:
            self._farewell = Farewell()
            self._http = SingleStream(self.engine.origin, self._stream)
        else:
            self._http = httpcore.AsyncHTTP11Connection(self.engine.origin, self._stream)
        super().connection_made(Asking(transport, self._ask))  # type: ignore[arg-type] # as above

    def data_received(self, data: bytes) -> None:
        """Part of an answer, or of what HTTP/2 says between answers."""
        if self._farewell is not None:
            data = self._farewell.pass_on(data)
            if self._farewell.last_stream is not None:
                self._take_leave(self._farewell.last_stream)
        elif not self.busy:
            self.close()  # an answer that nobody asked for
        else:
            self.received += len(data)
        self._stream.feed(data)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 -- reads end where it was lost, for whatever reason
        """The other side went away. A request under way ends by itself: its answer may have been read and not parsed."""
        self._gone = True
        self._let_go()
        self._stream.end()
        if not self.busy:
            self._leave("")

    def _ask(self) -> None:
        """Let httpcore send the request that the base class is about to write."""
        self._requests += 1
        request = self.engine.request(self.endpoint, self._version)  # type: ignore[arg-type]
        self._exchange = self.engine.loop.create_task(self._converse(self._http, request))  # type: ignore[arg-type] # it stands
        self._exchange.add_done_callback(self.engine.watch)

    async def _converse(self, http: httpcore.AsyncConnectionInterface, request: httpcore.Request) -> None:
        """One request and its answer, unless the engine has given it up meanwhile."""
        kind = ""
        try:
            response = await http.handle_async_request(request)
            self._settle(await self._judged(response))
            await response.aclose()
        except TARGETS_OWN as error:
            kind = kind_of(error, torn=self._stream.torn)
            if self.busy and self._met_idle_limit():
                self._ask_again()
            self._settle(kind)
        if self._gone:
            self._leave(kind)
        elif kind or self._takes_no_more(http):
            self.close()
        else:
            self.engine.idle(self)

    async def _judged(self, response: httpcore.Response) -> str:
        """The error kind of an answer once all of it is there; its body is looked through, not kept."""
        self.status = response.status
        self.received, size = max(self.received, 1), 0
        async for part in response.aiter_stream():
            size += len(part)
            if size > self.engine.body_cap:
                await self._stream.aclose()
                return "protocol"
            self.on_body(part)
        return self.judge()

    def _settle(self, kind: str) -> None:
        """Count the request, if the engine has not."""
        self.used = now = perf_counter_ns()
        if self.busy:
            self._record(kind, now)

    def _take_leave(self, last_stream: int) -> None:
        """The server accepts no more requests on this connection; it answers those up to the last that it names."""
        if not self.busy:
            self.close()
        elif last_stream < 2 * self._requests - 1:
            if self._requests > 1 and not self.engine.closing:
                self._ask_again()
            else:
                self.fail("reset", perf_counter_ns())  # not even one: asking again might never end
            self.close()

    def _ask_again(self) -> None:
        """Let a fresh connection take over the request and this one's place."""
        self.busy, self._replaced = False, True
        self.engine.repeat(Request(self.cell, self.endpoint, self.intended))  # type: ignore[arg-type]

    def _takes_no_more(self, http: httpcore.AsyncConnectionInterface) -> bool:
        said_goodbye = self._farewell is not None and self._farewell.last_stream is not None
        return said_goodbye or not http.is_available() or self.transport.is_closing()  # type: ignore[union-attr]

    def _leave(self, kind: str) -> None:
        """Tell the model, once, that this connection is gone; one that was replaced is not missed."""
        self.engine.connections.discard(self)
        if not self._replaced:
            self._replaced = True
            self.engine.lost(self, kind)
        # h2 keeps much of every connection, and the transport leads back here: the collector would come late.
        self.transport = self._http = None
