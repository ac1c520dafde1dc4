"""Sends requests in a closed loop over many connections, for a bounded time and count.

A process of its own (`python -m battery.chaos.faults.agents.burst`). Headers come in the order, so that no process
list shows a token.
"""

import asyncio
import contextlib
import ssl
import time
from collections import Counter

import httptools

from battery.chaos.faults.agents.descriptors import raise_limit
from battery.chaos.faults.agents.lifeline import say, take_order
from battery.chaos.faults.agents.order import Order

_ANSWER_SECONDS = 10.0
_TELL_SECONDS = 0.1
_AFTER_FAILURE_SECONDS = 0.05
_READ = 64 * 1024
_CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Answer:
    """Collects what httptools calls back about one answer."""

    complete = False

    def on_message_complete(self) -> None:
        """The last byte of the body is read."""
        self.complete = True


class Loops:
    """The connections of one burst and what became of their requests."""

    def __init__(self, order: Order) -> None:
        self._texts, self._amounts = order.texts, order.amounts
        self._tls = ssl.create_default_context() if order.texts["scheme"] == "https" else None
        lines = [f"GET {order.texts['path']} HTTP/1.1", f"Host: {_host(order)}"]
        lines += [f"{name}: {value}" for name, value in order.headers.items()]
        self._request = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
        self._until = time.monotonic() + order.amounts["seconds"]
        self.counts: Counter[str] = Counter()

    async def run(self) -> None:
        """Send until the time or the count is up, and tell meanwhile."""
        telling = asyncio.create_task(self._tell_now_and_then())
        await asyncio.gather(*(self._loop() for _ in range(int(self._amounts["connections"]))))
        telling.cancel()
        self.counts["finished"] = 1
        self._tell()

    def _may_send(self) -> bool:
        return time.monotonic() < self._until and self.counts["sent"] < self._amounts["requests"]

    async def _loop(self) -> None:
        streams: Streams | None = None
        while self._may_send():
            self.counts["sent"] += 1
            try:
                async with asyncio.timeout(_ANSWER_SECONDS):
                    streams = streams or await self._connect()
                    keep = await self._exchange(*streams)
            except (OSError, EOFError, httptools.HttpParserError):
                self.counts["failed"] += 1
                keep = False
                await asyncio.sleep(_AFTER_FAILURE_SECONDS)
            if not keep:
                self._drop(streams)
                streams = None
        self._drop(streams)

    async def _connect(self) -> Streams:
        host, port = self._texts["host"], int(self._texts["port"])
        streams = await asyncio.open_connection(host, port, ssl=self._tls)
        self.counts["open"] += 1
        return streams

    def _drop(self, streams: Streams | None) -> None:
        if streams is not None:
            self.counts["open"] -= 1
            with contextlib.suppress(RuntimeError):  # the loop may be at its end
                streams[1].close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether the connection can be used again."""
        writer.write(self._request)
        answer = Answer()
        parser = httptools.HttpResponseParser(answer)
        while not answer.complete:
            data = await reader.read(_READ)
            if not data:
                # An answer without a length ends with its connection.
                if not parser.get_status_code():
                    raise EOFError
                break
            parser.feed_data(data)
        self.counts[f"{parser.get_status_code() // 100}xx"] += 1
        return answer.complete and parser.should_keep_alive()

    async def _tell_now_and_then(self) -> None:
        while True:
            self._tell()
            await asyncio.sleep(_TELL_SECONDS)

    def _tell(self) -> None:
        names = ("open", "sent", "failed", "finished", *_CLASSES)
        say("counts", **{name: self.counts[name] for name in names})


def _host(order: Order) -> str:
    host = order.texts["host"]
    return f"[{host}]:{order.texts['port']}" if ":" in host else f"{host}:{order.texts['port']}"


async def work(order: Order) -> None:
    """Burst, then wait for the lifeline: the counts are asked for afterwards too."""
    await Loops(order).run()
    await asyncio.Event().wait()


def main() -> None:
    """Take the order and burst."""
    order = take_order()
    raise_limit()
    asyncio.run(work(order))


if __name__ == "__main__":
    main()
