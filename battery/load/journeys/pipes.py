"""Pipes: the parent's lines in on stdin, ours out on stdout, with neither ever blocking the users."""

import os
from collections.abc import Callable

import gevent
import msgspec
from gevent import monkey

from battery.load.journeys.job import JourneyJob
from battery.load.journeys.snapshot import JourneySnapshot

_STDIN, _STDOUT, _STDERR = 0, 1, 2
Emit = Callable[[JourneySnapshot], None]


def read_job() -> tuple[JourneyJob | None, bool]:
    """The job, and whether it was called off by what came right behind it; None when nobody has a job."""
    data = b""
    while b"\n" not in data:
        part = os.read(_STDIN, 65536)
        if not part:
            return None, True
        data += part
    line, _, rest = data.partition(b"\n")
    return msgspec.json.decode(line, type=JourneyJob), bool(rest)


def claim_stdout() -> Emit:
    """Keep stdout for snapshots; what the locustfile prints goes to stderr."""
    out = os.dup(_STDOUT)
    os.dup2(_STDERR, _STDOUT)
    pool = gevent.get_hub().threadpool

    def emit(snapshot: JourneySnapshot) -> None:
        pool.apply(_write, (out, msgspec.json.encode(snapshot) + b"\n"))

    return emit


def listen(stop: Callable[[], None]) -> None:
    """From a native thread, so that it works however long the locustfile keeps gevent's loop from running.

    A line is a wish to stop; the end of stdin is the end of whoever steers this process: then stop sending at once.
    """

    def watch() -> None:
        while os.read(_STDIN, 64):
            stop()
        os._exit(1)

    monkey.get_original("_thread", "start_new_thread")(watch, ())


def _write(out: int, data: bytes) -> None:
    while data:
        data = data[os.write(out, data) :]
