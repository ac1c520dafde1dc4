"""One job in on stdin, snapshots out on stdout, one JSON document a line.

stdin stays open while the job runs: a line `stop` ends it early with a complete ledger; when stdin closes, whoever
steers the generator is gone and it stops sending at once.
"""

import asyncio
import gc
import os
import sys

import msgspec

from battery.load.generator.closed_model import ClosedModel
from battery.load.generator.dialer import CannotResolve
from battery.load.generator.engine import Engine
from battery.load.generator.open_model import OpenModel
from battery.load.generator.usage import TooFewDescriptors, raise_descriptor_limit
from battery.load.job import Job
from battery.load.snapshot import Snapshot

_SPARE_DESCRIPTORS = 64
_FLUSH_SECONDS = 10.0
_STDIN = 0


class _Output(asyncio.BaseProtocol):
    """stdout; `closed` is done when all that was written has left."""

    def __init__(self) -> None:
        self.closed = asyncio.get_running_loop().create_future()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 -- the shape of a protocol
        """All is written, or nobody reads it."""
        if not self.closed.done():
            self.closed.set_result(None)


async def work(job: Job, called_off: bool) -> None:
    """Run the job; stdout is written without ever blocking the loop.

    Raises: CannotResolve.
    """
    loop = asyncio.get_running_loop()
    transport, output = await loop.connect_write_pipe(_Output, sys.stdout)

    def emit(snapshot: Snapshot) -> None:
        transport.write(msgspec.json.encode(snapshot) + b"\n")

    engine = Engine(job, loop, emit)
    engine.model = OpenModel(engine) if job.model == "open" else ClosedModel(engine)
    engine.stopped = called_off
    loop.add_reader(_STDIN, _listen, engine)
    # No collector pauses while requests are timed; what goes in circles is broken up by hand.
    gc.collect()
    gc.freeze()
    gc.disable()
    await engine.run()
    transport.close()
    await asyncio.wait_for(output.closed, _FLUSH_SECONDS)


def _listen(engine: Engine) -> None:
    """`stop`, or the end of whoever steers this generator: then stop sending at once."""
    if not os.read(_STDIN, 64):
        os._exit(1)
    engine.stop()


def descriptors(job: Job) -> int:
    """How many files the job may have open at once."""
    most = max(stage.users for stage in job.stages) if job.model == "closed" else job.connections
    return most + _SPARE_DESCRIPTORS


def main() -> None:
    """Read the job, choose the fastest loop that is there, work; one line on stderr says why it cannot."""
    line, called_off = _read_job()
    if not line:
        return
    job = msgspec.json.decode(line, type=Job)
    try:
        raise_descriptor_limit(descriptors(job))
        _run(job, called_off)
    except (CannotResolve, TooFewDescriptors) as error:
        sys.exit(str(error))


def _read_job() -> tuple[bytes, bool]:
    """The job's line, and whether it was called off by what came right behind it; nothing when nobody has a job."""
    data = b""
    while b"\n" not in data:
        part = os.read(_STDIN, 65536)
        if not part:
            return b"", True
        data += part
    line, _, rest = data.partition(b"\n")
    return line, bool(rest)


def _run(job: Job, called_off: bool) -> None:
    try:
        import uvloop
    except ImportError:
        asyncio.run(work(job, called_off))
    else:
        uvloop.run(work(job, called_off))


if __name__ == "__main__":
    main()
