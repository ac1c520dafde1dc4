"""Records: write one, read back a run of them."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.access.caller import actor_of, origin_of
from battery.reference.answers import json_answer
from battery.reference.audit.trail import Audit
from battery.reference.body import BodyLimits, read_json
from battery.reference.metrics.records import RecordMetrics
from battery.reference.problems import Problem
from battery.reference.record import RecordDraft, RecordRun
from battery.reference.routes.resource import resource
from battery.reference.store.interface import RecordStore

LONGEST_RUN = 128


class RecordRoutes:
    """The records API over a store."""

    def __init__(self, store: RecordStore, metrics: RecordMetrics, limits: BodyLimits, audit: Audit) -> None:
        self._store, self._metrics, self._limits, self._audit = store, metrics, limits, audit

    def routes(self) -> list[Route]:
        """Its one resource."""
        return [resource("/api/records", GET=self.run, POST=self.keep)]

    async def keep(self, request: Request) -> Response:
        """Store a record, once for each id of a run; the 201 leaves after the commit has reached the disk."""
        keeping = await self._store.keep(await read_json(request, self._limits, RecordDraft))
        (self._metrics.replayed if keeping.replayed else self._metrics.kept).add()
        if not keeping.replayed:
            # Its number, not the id: that is the client's own words.
            actor, source = actor_of(request.scope), origin_of(request.scope)
            self._audit.note("record.kept", actor=actor, source=source, items=(keeping.record.sequence,))
        headers = {"Idempotency-Replayed": "true"} if keeping.replayed else None
        return json_answer(keeping.record, 201, headers)

    async def run(self, request: Request) -> Response:
        """All records of a run, in the order in which they were acknowledged."""
        run = request.query_params.get("run", "")
        if not 1 <= len(run) <= LONGEST_RUN:
            raise Problem(400, f"run must be given, with 1 to {LONGEST_RUN} characters")
        return json_answer(RecordRun(run, await self._store.kept(run)))
