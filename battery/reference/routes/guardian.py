"""The guardian's controls: lockdown, isolation, release."""

from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.access.caller import actor_of, caller_of, origin_of
from battery.reference.access.guardian import Guardian, Isolated, Kind, TooMany
from battery.reference.access.source import checked_source
from battery.reference.answers import json_answer
from battery.reference.audit.trail import Audit
from battery.reference.body import BodyLimits, read_json
from battery.reference.problems import Problem
from battery.reference.routes.resource import resource


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """What everybody may know; `who` is for administrators."""

    mode: str
    isolated: int
    who: list[Isolated] | None = None


class Whom(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One source or one identity; `seconds` is how long."""

    source: Annotated[str, msgspec.Meta(max_length=64)] = ""
    identity: Annotated[str, msgspec.Meta(max_length=64)] = ""
    seconds: Annotated[float, msgspec.Meta(gt=0, le=2_592_000)] | None = None

    def named(self) -> tuple[Kind, str]:
        """The kind and the name.

        Raises: Problem 422 when it is not exactly one, or no address.
        """
        if bool(self.source) == bool(self.identity):
            raise Problem(422, "name one source or one identity")
        if self.identity:
            return "identity", self.identity
        try:
            return "source", checked_source(self.source)
        except ValueError:
            raise Problem(422, "the source must be an address, such as 192.0.2.7") from None


class GuardianRoutes:
    """See, lock down, isolate, release."""

    def __init__(self, guardian: Guardian, audit: Audit, limits: BodyLimits) -> None:
        self._guardian, self._audit, self._limits = guardian, audit, limits

    def routes(self) -> list[Route]:
        """Its four resources."""
        return [
            resource("/api/guardian", GET=self.state),
            resource("/api/guardian/lockdown", POST=self.lockdown),
            resource("/api/guardian/isolate", POST=self.isolate),
            resource("/api/guardian/release", POST=self.release),
        ]

    async def state(self, request: Request) -> Response:
        """The mode and how many are kept out."""
        return json_answer(self._state(request))

    async def lockdown(self, request: Request) -> Response:
        """Refuse every change from here on; reads go on."""
        self._guardian.lock()
        return await self._done(request, "guardian.lockdown")

    async def isolate(self, request: Request) -> Response:
        """Refuse everything from one source or identity."""
        whom = await read_json(request, self._limits, Whom)
        kind, name = whom.named()
        caller = caller_of(request.scope)
        if kind == "identity" and caller and caller.name == name:
            raise Problem(422, "whoever isolates themselves cannot take it back")
        try:
            self._guardian.isolate(kind, name, whom.seconds)
        except TooMany as error:
            raise Problem(409, str(error)) from None
        return await self._done(request, "guardian.isolate", f"{kind} {name}")

    async def release(self, request: Request) -> Response:
        """Let one in again; without a body, or with an empty one, end the lockdown and release all."""
        whom = await self._whom(request)
        if whom == Whom():
            self._guardian.unlock()
            count = self._guardian.release_all()
            return await self._done(request, "guardian.release", f"the lockdown and {count} isolated")
        kind, name = whom.named()
        if not self._guardian.release(kind, name):
            raise Problem(404, f"this {kind} is not isolated")
        return await self._done(request, "guardian.release", f"{kind} {name}")

    async def _whom(self, request: Request) -> Whom:
        if request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
            return Whom()
        return await read_json(request, self._limits, Whom)

    async def _done(self, request: Request, event: str, about: str = "") -> Response:
        actor, source = actor_of(request.scope), origin_of(request.scope)
        self._audit.note(event, actor=actor, source=source, about=about)
        await self._audit.settled()
        return json_answer(self._state(request))

    def _state(self, request: Request) -> State:
        isolated, caller = self._guardian.isolated(), caller_of(request.scope)
        shown = isolated if caller and caller.may("admin") else None
        return State(self._guardian.mode, len(isolated), shown)
