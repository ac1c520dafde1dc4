"""The null server: answers every request at once, and stalls once for a known time when told to.

A process of its own (`python -m battery.load.null_server`): the instrument measures itself against it. It prints its port.
"""

import argparse
import asyncio
import sys
import time

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"


class NullProtocol(asyncio.Protocol):
    """One answer for each request head; it reads no bodies."""

    def __init__(self, stall: "Stall") -> None:
        self._stall = stall
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Answer, after the stall where this is its moment."""
        self._stall.maybe()
        if self._transport is not None:
            self._transport.write(_ANSWER * data.count(b"\r\n\r\n"))


class Stall:
    """Blocks the whole server once, `after` seconds from the first request on."""

    def __init__(self, after: float, seconds: float) -> None:
        self._after, self._seconds = after, seconds
        self._first = 0.0
        self._done = seconds <= 0

    def maybe(self) -> None:
        """Block, if this is the moment."""
        if self._done:
            return
        now = time.monotonic()
        self._first = self._first or now
        if now - self._first >= self._after:
            self._done = True
            time.sleep(self._seconds)


async def serve(stall: Stall) -> None:
    """Serve on a free loopback port until stdin closes."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: NullProtocol(stall), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.buffer.read)
    server.close()


def main() -> None:
    """Parse and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--stall-after", type=float, default=0.0)
    parser.add_argument("--stall-seconds", type=float, default=0.0)
    arguments = parser.parse_args()
    stall = Stall(arguments.stall_after, arguments.stall_seconds)
    try:
        import uvloop
    except ImportError:
        asyncio.run(serve(stall))
    else:
        uvloop.run(serve(stall))


if __name__ == "__main__":
    main()
