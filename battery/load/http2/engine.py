"""The engine with httpx's connections in it: the same models, deadlines, ledger and snapshots."""

import asyncio
import os
import traceback
from collections import Counter
from collections.abc import Callable

import httpcore

from battery.load.generator.connection import Request
from battery.load.generator.engine import Engine
from battery.load.http2.connection import HttpxConnection
from battery.load.http2.dialer import OfferingDialer
from battery.load.http2.outgoing import HTTP_1_1, HTTP_2, origin_of, outgoing
from battery.load.http2.snapshot import Http2Snapshot
from battery.load.job import Job, JobEndpoint
from battery.load.snapshot import Snapshot

_DEFECT = 70
# To open a connection costs this process some milliseconds of its core, a request a quarter of one. Were a connection
# opened for every arrival that waits a moment, one hiccup would bring more of the same until nothing else is done.
_AT_ONCE = 16
_PACE = 0.004


class Http2Engine(Engine):
    """One generator's state. `versions` counts the connections that stood by what they speak."""

    def __init__(
        self, job: Job, loop: asyncio.AbstractEventLoop, emit: Callable[[Http2Snapshot], None]
    ) -> None:
        super().__init__(job, loop, self._tell)
        self.origin = origin_of(job)
        self.versions: Counter[str] = Counter()
        self._emit_ours = emit
        self._more_later = False
        self._dialer = OfferingDialer(job, loop)
        self._kind = HttpxConnection
        self._requests = {
            (id(endpoint), version): outgoing(endpoint, self.origin, version)
            for endpoint in job.endpoints
            for version in (HTTP_1_1, HTTP_2)
        }

    def request(self, endpoint: JobEndpoint, version: str) -> httpcore.Request:
        """The endpoint's request, built once."""
        return self._requests[id(endpoint), version]

    def connect(self, since: int = 0, again: Request | None = None) -> None:
        """Open one connection more; past the first few, an arrival's comes in its turn, if anything still waits then."""
        few = len(self.connections) + len(self.attempts) < _AT_ONCE
        if few or again is not None or self.job.model == "closed":
            super().connect(since, again)
        elif not self._more_later:
            self._more_later = True
            self.loop.call_later(_PACE, self._open_in_turn)

    def watch(self, exchange: asyncio.Task[None]) -> None:
        """A defect of ours ends the process at once: it must not pass for an answer that never came."""
        if not exchange.cancelled() and (error := exchange.exception()) is not None:
            traceback.print_exception(error)
            os._exit(_DEFECT)

    def _open_in_turn(self) -> None:
        self._more_later = False
        opening = len(self.attempts)
        room = len(self.connections) + opening < self.job.connections
        if room and opening < self.model.waiting() and not self.closing:
            super().connect()
            self.connect()

    def _tell(self, snapshot: Snapshot) -> None:
        self._emit_ours(Http2Snapshot(snapshot=snapshot, versions=dict(self.versions)))
