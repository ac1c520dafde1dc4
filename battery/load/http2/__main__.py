"""One job in on stdin, HTTP/2 snapshots out on stdout, one JSON document a line; a line `stop` ends it early."""

import asyncio
import gc
import sys

from battery.load.generator.__main__ import descriptors
from battery.load.generator.closed_model import ClosedModel
from battery.load.generator.dialer import CannotResolve
from battery.load.generator.open_model import OpenModel
from battery.load.generator.usage import TooFewDescriptors, raise_descriptor_limit
from battery.load.http2 import pipes
from battery.load.http2.present import Http2Missing, require_http2
from battery.load.job import Job


async def work(job: Job, called_off: bool) -> None:
    """Run the job.

    Raises: CannotResolve.
    """
    from battery.load.http2.engine import Http2Engine
    from battery.load.http2.rehearsal import rehearse

    loop = asyncio.get_running_loop()
    output = await pipes.Output.open()
    engine = Http2Engine(job, loop, output.emit)
    engine.model = OpenModel(engine) if job.model == "open" else ClosedModel(engine)
    engine.stopped = called_off
    pipes.listen(loop, engine.stop)
    await rehearse(engine.origin)
    # The libraries leave cycles behind, so the collector stays on; it need not look at what was there before.
    gc.collect()
    gc.freeze()
    await engine.run()
    await output.close()


def main() -> None:
    """Read the job, choose the fastest loop that is there, work; one line on stderr says why it cannot."""
    try:
        require_http2()
        from battery.load.http2 import engine, rehearsal  # noqa: F401 -- imported while nobody waits yet

        job, called_off = pipes.read_job()
        if job is not None:
            raise_descriptor_limit(descriptors(job))
            _run(job, called_off)
    except (CannotResolve, Http2Missing, TooFewDescriptors) as error:
        sys.exit(str(error))


def _run(job: Job, called_off: bool) -> None:
    try:
        import uvloop
    except ImportError:
        asyncio.run(work(job, called_off))
    else:
        uvloop.run(work(job, called_off))


if __name__ == "__main__":
    main()
