"""One job in on stdin, snapshots out on stdout, one JSON document a line."""

import asyncio
import gc
import os
import sys

import msgspec

from battery.load.generator.closed_model import ClosedModel
from battery.load.generator.engine import Engine, raise_descriptor_limit
from battery.load.generator.open_model import OpenModel
from battery.load.job import Job
from battery.load.snapshot import Snapshot

_SPARE_DESCRIPTORS = 64


async def work(job: Job) -> None:
    """Run the job; stdout is written without ever blocking the loop."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, sys.stdout)

    def emit(snapshot: Snapshot) -> None:
        transport.write(msgspec.json.encode(snapshot) + b"\n")

    engine = Engine(job, loop, emit)
    loop.add_reader(sys.stdin.fileno(), _end_with_the_worker)
    engine.model = OpenModel(engine) if job.model == "open" else ClosedModel(engine)
    # No collector pauses while requests are timed; nothing in the hot path makes cycles.
    gc.collect()
    gc.freeze()
    gc.disable()
    await engine.run()
    transport.close()
    await asyncio.sleep(0)


def _end_with_the_worker() -> None:
    """stdin says nothing more, it only closes: with the worker that steers this generator. Stop sending at once."""
    if not os.read(sys.stdin.fileno(), 1):
        os._exit(1)


def main() -> None:
    """Read the job, choose the fastest loop that is there, work."""
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
    raise_descriptor_limit(job.connections + _SPARE_DESCRIPTORS)
    try:
        import uvloop
    except ImportError:
        asyncio.run(work(job))
    else:
        uvloop.run(work(job))


if __name__ == "__main__":
    main()
