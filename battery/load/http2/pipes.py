"""Pipes: the job in on stdin, snapshots out on stdout, with neither ever blocking the loop."""

import asyncio
import os
import sys
from collections.abc import Callable

import msgspec

from battery.load.http2.snapshot import Http2Snapshot
from battery.load.job import Job

_STDIN = 0
_FLUSH_SECONDS = 10.0


def read_job() -> tuple[Job | None, bool]:
    """The job, and whether it was called off by what came right behind it; None when nobody has a job."""
    data = b""
    while b"\n" not in data:
        part = os.read(_STDIN, 65536)
        if not part:
            return None, True
        data += part
    line, _, rest = data.partition(b"\n")
    return msgspec.json.decode(line, type=Job), bool(rest)


def listen(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """A line is a wish to stop; the end of stdin is the end of whoever steers this process: then stop sending at once."""

    def heard() -> None:
        if not os.read(_STDIN, 64):
            os._exit(1)
        stop()

    loop.add_reader(_STDIN, heard)


class Output(asyncio.BaseProtocol):
    """stdout, a snapshot a line."""

    def __init__(self) -> None:
        self._closed = asyncio.get_running_loop().create_future()
        self._transport: asyncio.WriteTransport

    @classmethod
    async def open(cls) -> "Output":
        """Take stdout over."""
        _, output = await asyncio.get_running_loop().connect_write_pipe(cls, sys.stdout)
        return output

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready to write."""
        self._transport = transport  # type: ignore[assignment] # a pipe that is written to

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 -- the shape of a protocol
        """All is written, or nobody reads it."""
        if not self._closed.done():
            self._closed.set_result(None)

    def emit(self, snapshot: Http2Snapshot) -> None:
        """Write without waiting."""
        self._transport.write(msgspec.json.encode(snapshot) + b"\n")

    async def close(self) -> None:
        """Wait until all that was written has left."""
        self._transport.close()
        await asyncio.wait_for(self._closed, _FLUSH_SECONDS)
