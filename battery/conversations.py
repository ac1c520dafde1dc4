"""The conversations of a server in this event loop: when it closes, whoever still talks is hung up on."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]

_HEAD_LIMIT = 64 * 1024
_TURNS_TO_COME_IN = 3  # of the loop, from the acceptance of a connection to its beginning


@asynccontextmanager
async def listening(
    talk: Talk,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    tls: ssl.SSLContext | None = None,
    limit: int = _HEAD_LIMIT,
) -> AsyncIterator[int]:
    """A server for the time of the block; its port. `talk` need not close its connection.

    One that is hung up on, or gets a line beyond the limit, may simply raise. At the end of the block whoever still talks
    is cut off, unsent words included; a TLS handshake under way ends by itself.

    Raises: OSError when the address is taken or not ours; after a block that ended well, what a conversation failed with.
    """
    conversations = _Conversations(talk)
    server = await asyncio.start_server(
        conversations.begin,
        host,
        port,
        limit=limit,
        backlog=256,
        ssl=tls,
        # Whoever hangs up without the goodbye of TLS is not waited for.
        ssl_shutdown_timeout=0.1 if tls else None,
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        await _close(server)
        await conversations.end()
    if conversations.failure is not None:
        raise conversations.failure


async def _close(server: asyncio.Server) -> None:
    """Accept nobody more, let in who was accepted, then close: asyncio would leave open whom it accepted in that turn."""
    for listener in server.sockets:
        asyncio.get_running_loop().remove_reader(listener)
    for _ in range(_TURNS_TO_COME_IN):
        await asyncio.sleep(0)
    server.close()


class _Conversations:
    """Who talks now. asyncio's server forgets whom it talks to when it is closed, and leaves their sockets open."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._over = False
        self.failure: BaseException | None = None

    def begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._over:
            writer.transport.abort()  # its handshake took longer than the server lived
            return
        task = asyncio.get_running_loop().create_task(self._hold(reader, writer))
        self._open[task] = writer
        task.add_done_callback(self._ended)

    async def end(self) -> None:
        """Call each off and wait until its connection is closed."""
        self._over = True
        still = dict(self._open)
        for task, writer in still.items():
            task.cancel()
            writer.transport.abort()
        if still:
            await asyncio.wait(still)
        for writer in still.values():
            await closed(writer)  # one that was called off before it began has closed nothing by itself

    async def _hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        except (OSError, EOFError, asyncio.LimitOverrunError):
            return  # the other side hung up or said too much; it sees by itself that it was left
        finally:
            writer.close()
            await closed(writer)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._open[task]
        if not task.cancelled():
            self.failure = self.failure or task.exception()


async def closed(writer: asyncio.StreamWriter) -> None:
    """Wait until the connection is closed, however it came to that.

    asyncio's own wait may not be called off: it would call off the closing for all others who wait for it.
    """
    waiting = asyncio.ensure_future(writer.wait_closed())
    waiting.add_done_callback(_heard)
    await asyncio.wait([waiting])


def _heard(waiting: "asyncio.Task[None]") -> None:
    """Take note of how it closed, which concerns nobody."""
    if not waiting.cancelled():
        waiting.exception()
