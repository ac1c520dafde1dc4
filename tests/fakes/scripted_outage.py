"""A server that goes down, flaps or becomes slow for a known time, and that logs when it did, by its own clock.

`python -m tests.fakes.scripted_outage SCRIPT` prints its port and serves. A line on stdin begins the script; for each
change of its behaviour, and for the moment in which the fault counts as removed, it prints one JSON line with the time
of the monotonic clock, which all processes of a machine share. It ends when stdin closes.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"
SLOW = 0.4
REMOVED, RECOVERED = "removed", "recovered"
# What it does, and for how many seconds; `removed` takes no time. At its end it is `recovered`: up for good.
Script = Iterator[tuple[str, float]]


def down() -> Script:
    """Down for a second by the fault, and for three more when it is removed."""
    yield from (("down", 1.0), (REMOVED, 0.0), ("down", 3.0))


def flapping() -> Script:
    """Up and down for five seconds after the removal, up first."""
    yield from (("down", 1.0), (REMOVED, 0.0))
    for _ in range(5):
        yield from (("up", 0.5), ("down", 0.5))


def slow() -> Script:
    """Answers, but slowly, for seven seconds after the removal."""
    yield from (("down", 1.0), (REMOVED, 0.0), ("slow", 7.0))


SCRIPTS = {script.__name__: script for script in (down, flapping, slow)}


class Outage:
    """The server's behaviour and its connections."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self._does = "up"
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def become(self, does: str) -> None:
        """Change, and say when."""
        if does == "down":
            await self._close()
        elif does != REMOVED and self._server is None:
            await self.open()
        self._does = self._does if does == REMOVED else does
        print(json.dumps({"does": does, "at": time.monotonic()}), flush=True)

    async def open(self) -> None:
        """Listen, on the same port each time."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await reader.readuntil(b"\r\n\r\n")
            if self._does == "slow":
                await asyncio.sleep(SLOW)
            writer.write(ANSWER)
            await reader.read()
        except (OSError, asyncio.IncompleteReadError):
            pass  # whoever asked is gone
        finally:
            self._writers.discard(writer)
            writer.close()


async def main(script: Script) -> None:
    """Serve, and follow the script when told to."""
    loop = asyncio.get_running_loop()
    outage = Outage()
    await outage.open()
    print(outage.port, flush=True)
    if await loop.run_in_executor(None, sys.stdin.readline):
        for does, seconds in script:
            await outage.become(does)
            await asyncio.sleep(seconds)
        await outage.become(RECOVERED)
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(SCRIPTS[sys.argv[1]]()))
