"""Notes of a tenant: the newest hundred, in memory, for nobody but that tenant."""

from collections import deque

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.access.caller import caller_of, origin_of
from battery.reference.access.house import HouseRules
from battery.reference.answers import json_answer
from battery.reference.audit.trail import Audit
from battery.reference.body import BodyLimits, read_json
from battery.reference.problems import Problem
from battery.reference.routes.resource import resource

KEPT = 100


class NoteDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A note as it is sent."""

    text: str


class Note(msgspec.Struct, frozen=True):
    """A note as it is kept."""

    number: int
    author: str
    text: str


class TenantRoutes:
    """Read and leave notes; only tenants that a caller belongs to exist."""

    def __init__(self, house: HouseRules, audit: Audit, limits: BodyLimits) -> None:
        self._house, self._audit, self._limits = house, audit, limits
        self._notes: dict[str, deque[Note]] = {caller.tenant: deque(maxlen=KEPT) for caller in house.callers}
        self._count = 0

    def routes(self) -> list[Route]:
        """Its one resource."""
        return [resource("/api/tenants/{tenant}/notes", GET=self.read, POST=self.leave)]

    async def read(self, request: Request) -> Response:
        """The notes, the newest last."""
        return json_answer({"notes": list(self._own(request))})

    async def leave(self, request: Request) -> Response:
        """One more; the oldest goes when there are too many."""
        notes, caller = self._own(request), caller_of(request.scope)
        draft = await read_json(request, self._limits, NoteDraft)
        if not 1 <= len(draft.text) <= 500:
            raise Problem(422, "a note has 1 to 500 characters")
        self._count += 1
        author = caller.name if caller else ""
        note = Note(self._count, author, draft.text)
        notes.append(note)
        self._audit.note("note.left", actor=author, source=origin_of(request.scope), items=(note.number,))
        return json_answer(note, 201)

    def _own(self, request: Request) -> deque[Note]:
        """The notes of the tenant in the path.

        Raises: Problem 403 for a tenant that is not the caller's, whether it exists or not.
        """
        tenant, caller = request.path_params["tenant"], caller_of(request.scope)
        if self._house.strict_tenants and (caller is None or caller.tenant != tenant):
            actor = caller.name if caller else ""
            self._audit.note(
                "access.refused", actor=actor, source=origin_of(request.scope), place="/api/tenants"
            )
            raise Problem(403, "these notes are another tenant's")
        if tenant not in self._notes:
            raise Problem(404, "there is no such tenant")
        return self._notes[tenant]
