"""What only an administrator sees and does."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.access.caller import Caller, actor_of, origin_of
from battery.reference.access.house import HouseRules
from battery.reference.answers import json_answer
from battery.reference.audit.trail import Audit
from battery.reference.routes.resource import resource


class Overview(msgspec.Struct, frozen=True):
    """The administration at a glance."""

    admin: list[str]
    callers: int
    sessions: int
    lockouts: int
    requests_over_limit: int


class AdminRoutes:
    """Who is known, and ending everybody's session."""

    def __init__(self, house: HouseRules, audit: Audit) -> None:
        self._house, self._audit = house, audit

    def routes(self) -> list[Route]:
        """Its three resources."""
        return [
            resource("/api/admin", GET=self.overview),
            resource("/api/admin/callers", GET=self.callers),
            resource("/api/admin/sessions", DELETE=self.end_sessions),
        ]

    async def overview(self, _request: Request) -> Response:
        """What there is, in numbers."""
        house = self._house
        over = house.known.refused + (house.anonymous.refused if house.anonymous else 0)
        places = ["/api/admin/callers", "/api/admin/sessions"]
        return json_answer(
            Overview(places, len(house.callers), len(house.sessions), house.lockout.begun, over)
        )

    async def callers(self, _request: Request) -> Response:
        """Names, roles and tenants; a secret is not even kept."""
        callers: list[Caller] = sorted(self._house.callers, key=lambda caller: caller.name)
        return json_answer({"callers": callers})

    async def end_sessions(self, request: Request) -> Response:
        """Log everybody out."""
        count = self._house.sessions.end_all()
        actor, source = actor_of(request.scope), origin_of(request.scope)
        self._audit.note("admin.sessions-ended", actor=actor, source=source, about=f"{count} sessions")
        await self._audit.settled()
        return json_answer({"ended": count})
