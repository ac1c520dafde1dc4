"""Jobs: hand one in, ask after it, see the queue."""

import logging
from collections.abc import Awaitable
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.access.caller import actor_of, origin_of
from battery.reference.answers import json_answer
from battery.reference.audit.trail import Audit
from battery.reference.body import BodyLimits, read_json
from battery.reference.problems import Problem
from battery.reference.queue.failure import QueueFull
from battery.reference.queue.job import JobDraft
from battery.reference.queue.queue import JobQueue
from battery.reference.routes.idempotency import idempotency_key
from battery.reference.routes.numbers import number_in_path
from battery.reference.routes.resource import resource
from battery.reference.store.failure import StoreFailure, StoreFull

T = TypeVar("T")
_log = logging.getLogger("battery.reference.queue")


class Overview(msgspec.Struct, frozen=True):
    """The queue at a glance: `depth` are the jobs not done, `booked` the effects that stand for the `done` ones."""

    waiting: int
    running: int
    depth: int
    capacity: int
    oldest_seconds: float
    done: int
    booked: int
    pieces: int


class JobRoutes:
    """The jobs API over a queue."""

    def __init__(self, queue: JobQueue, limits: BodyLimits, audit: Audit) -> None:
        self._queue, self._limits, self._audit = queue, limits, audit

    def routes(self) -> list[Route]:
        """Its two resources."""
        return [
            resource("/api/jobs", GET=self.overview, POST=self.submit),
            resource("/api/jobs/{id}", GET=self.find),
        ]

    async def submit(self, request: Request) -> Response:
        """Accept a job; the 202 leaves after it has reached the disk. A full queue says when to come back."""
        key = idempotency_key(request)
        draft = await read_json(request, self._limits, JobDraft)
        try:
            acceptance = await _kept(self._queue.submit(draft, key))
        except QueueFull as error:
            raise Problem(503, str(error), {"Retry-After": str(self._queue.retry_after())}) from None
        headers = {"Location": f"/api/jobs/{acceptance.job.id}"}
        if acceptance.replayed:
            headers["Idempotency-Replayed"] = "true"
        else:
            actor, source = actor_of(request.scope), origin_of(request.scope)
            self._audit.note("job.accepted", actor=actor, source=source, items=(acceptance.job.id,))
        return json_answer(acceptance.job, 202, headers)

    async def find(self, request: Request) -> Response:
        """One job."""
        job = await _kept(self._queue.find(number_in_path(request, "job")))
        if job is None:
            raise Problem(404, "there is no such job")
        return json_answer(job)

    async def overview(self, _request: Request) -> Response:
        """The queue at a glance."""
        totals, backlog = await _kept(self._queue.totals()), self._queue.backlog
        answer = Overview(
            waiting=backlog.depth - backlog.running,
            running=backlog.running,
            depth=backlog.depth,
            capacity=self._queue.capacity,
            oldest_seconds=round(self._queue.oldest_seconds(), 3),
            done=totals.done,
            booked=totals.booked,
            pieces=totals.pieces,
        )
        return json_answer(answer)


async def _kept(work: Awaitable[T]) -> T:
    """What `work` returns.

    Raises: Problem 507 when the disk is full, 503 when the jobs cannot be reached.
    """
    try:
        return await work
    except StoreFull:
        raise Problem(507, "the disk is full", {"Retry-After": "1"}) from None
    except StoreFailure as error:
        _log.warning("jobs cannot be kept", extra={"fields": {"reason": str(error)}})
        raise Problem(503, "jobs cannot be kept at the moment", {"Retry-After": "1"}) from None
