"""The tap: a TCP relay in front of a dependency that writes down what arrives; it changes nothing that it passes on."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from battery.chaos.breaker.ledger import Ledger
from battery.chaos.breaker.relay import Side, relay
from battery.chaos.breaker.visit import Journal
from battery.chaos.recovery.loop_thread import LoopThread
from battery.conversations import listening

_STOP_LIMIT = 5.0


class Tap:
    """Listens on a port of its own; where the dependency refuses, so does the tap: by a reset."""

    def __init__(self, host: str, port: int, *, listen: str = "127.0.0.1", listen_port: int = 0) -> None:
        """`host` and `port` are the dependency's, or those of the proxy in front of it."""
        self._upstream = (host, port)
        self._listen = (listen, listen_port)
        self._ledger = Ledger()
        self._thread = LoopThread("tap", self._run)
        self.port = 0

    def start(self) -> None:
        """Listen. Raises: OSError when the address is taken or not ours."""
        self._thread.start()

    def stop(self) -> Journal:
        """Close everything, and give all that was seen. Raises: what went wrong in the tap itself."""
        self._thread.stop(_STOP_LIMIT)
        return self.journal()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.stop(_STOP_LIMIT)

    def journal(self) -> Journal:
        """What was seen so far."""
        return self._ledger.journal()

    async def _run(self, ready: Callable[[], None], stopping: asyncio.Event) -> None:
        async with listening(self._serve, *self._listen) as self.port:
            ready()
            await stopping.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = self._ledger.open()
        try:
            await relay(Side(reader, writer), self._upstream, visit)
        finally:
            visit.closed("tap")  # says nothing where a side has ended it before
            writer.transport.abort()
