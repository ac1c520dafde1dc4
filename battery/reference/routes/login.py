"""Logging in with a password, and out again."""

import asyncio

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.access.caller import Caller, actor_of, origin_of
from battery.reference.access.guard import locked_out
from battery.reference.access.house import HouseRules
from battery.reference.access.sessions import COOKIE, SECONDS, session_cookie, session_in
from battery.reference.answers import json_answer
from battery.reference.audit.trail import Audit
from battery.reference.body import BodyLimits, read_json
from battery.reference.problems import Problem
from battery.reference.routes.resource import resource

# Each takes 16 MiB and a core for a moment: more at once would be an attack that the service makes on itself.
_AT_ONCE = 2
# So many may wait for their turn: a second or so.
_WAITING = 40


class Attempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody says who wants to come in."""

    user: str
    password: str


class LoggedIn(msgspec.Struct, frozen=True):
    """Who has come in, and for how long."""

    name: str
    role: str
    tenant: str
    seconds: float


class LoginRoutes:
    """Login and logout."""

    def __init__(self, house: HouseRules, audit: Audit, limits: BodyLimits) -> None:
        self._house, self._audit, self._limits = house, audit, limits
        self._turns, self._waiting = asyncio.Semaphore(_AT_ONCE), 0

    def routes(self) -> list[Route]:
        """Its two resources."""
        return [resource("/api/login", POST=self.login), resource("/api/logout", POST=self.logout)]

    async def login(self, request: Request) -> Response:
        """A session for a user with the right password; one word for all that is wrong."""
        attempt = await read_json(request, self._limits, Attempt)
        source = origin_of(request.scope)
        caller = await self._believed(attempt, source)
        secret = self._house.sessions.begin(caller)
        self._audit.note("login.accepted", actor=caller.name, source=source)
        await self._audit.settled()
        answer = LoggedIn(caller.name, caller.role, caller.tenant, SECONDS)
        return json_answer(answer, headers={"Set-Cookie": session_cookie(secret)})

    async def logout(self, request: Request) -> Response:
        """End the session whose cookie comes along; without one there is nothing to end."""
        secret = session_in(request.headers.get("cookie", ""))
        if secret:
            self._house.sessions.end(secret)
            self._audit.note("logout", actor=actor_of(request.scope), source=origin_of(request.scope))
        gone = session_cookie("", 0).replace(f"{COOKIE}=", f'{COOKIE}=""', 1)
        return Response(status_code=204, headers={"Set-Cookie": gone})

    async def _believed(self, attempt: Attempt, source: str) -> Caller:
        if self._waiting >= _WAITING:
            raise Problem(503, "too many want to log in at this moment", {"Retry-After": "2"})
        self._waiting += 1
        try:
            async with self._turns:
                caller = await self._tried(attempt, source)
        finally:
            self._waiting -= 1
        if caller is not None:
            return caller
        # A name that nobody has may be a password typed into the wrong field: it is not kept.
        known = attempt.user if self._house.users.knows(attempt.user) else ""
        self._audit.note("login.refused", actor=known, source=source)
        if self._house.lockout.failed(source):
            self._audit.note("lockout.began", source=source)
        raise Problem(401, "name and password do not fit")

    async def _tried(self, attempt: Attempt, source: str) -> Caller | None:
        """Asked with the turn in hand: those who waited meanwhile may have locked the source out."""
        left = self._house.lockout.left(source)
        if left > 0:
            raise locked_out(left)
        return await asyncio.to_thread(self._house.users.caller, attempt.user, attempt.password)
