"""The guard: stands before every resource, and lets in who may come in."""

import math

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from battery.reference.access.caller import Caller, note_caller
from battery.reference.access.credentials import Presented, presented_by
from battery.reference.access.house import HouseRules
from battery.reference.access.policy import KNOWN_METHODS, Demand, spared
from battery.reference.access.source import source_of
from battery.reference.audit.trail import Audit
from battery.reference.problems import Problem, problem_answer

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="reference"'}
# Whoever is told to come back when an administrator has decided so.
_LATER = {"Retry-After": "30"}


class Guard:
    """Serves or refuses one request after the other; refusals stand in the audit log."""

    def __init__(self, app: ASGIApp, house: HouseRules, audit: Audit) -> None:
        self._app, self._house, self._audit = app, house, audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse one request."""
        if scope["type"] != "http" or spared(scope["path"]):
            await self._app(scope, receive, send)
            return
        try:
            self._admit(scope)
        except Problem as problem:
            answer = problem_answer(Request(scope), problem.status, problem.detail, problem.headers)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _admit(self, scope: Scope) -> None:
        """Return when the request may go on.

        Raises: Problem.
        """
        method, path, source = scope["method"], scope["path"], source_of(scope)
        demand = self._house.policy(method, path)
        presented = presented_by(scope, self._house)
        caller = presented.caller
        note_caller(scope, caller, source)
        self._believed(presented, demand, source)
        self._not_isolated(caller, source)
        if demand.counted:
            self._within_quota(caller, source)
        if method not in KNOWN_METHODS:
            return  # no resource has a handler for it: it is refused there, with the methods that it has
        self._allowed(caller, demand, source, path)
        if demand.change and self._house.guardian.lockdown:
            raise Problem(503, "the service is locked down: it answers reads only", _LATER)

    def _believed(self, presented: Presented, demand: Demand, source: str) -> None:
        """A token that nobody holds is refused also where none is needed: its sender believes to be somebody."""
        if presented.caller or not presented.token or not (self._house.closed or demand.always):
            return
        left = self._house.lockout.left(source)
        if left > 0:
            raise locked_out(left)
        self._audit.note("token.refused", source=source)
        if self._house.lockout.failed(source):
            self._audit.note("lockout.began", source=source)
        raise Problem(401, "this token is not known or has expired", CHALLENGE)

    def _not_isolated(self, caller: Caller | None, source: str) -> None:
        guardian = self._house.guardian
        if caller is not None and guardian.keeps_out("identity", caller.name):
            raise Problem(403, "this identity is isolated by an administrator", _LATER)
        # An administrator who has isolated the own address must be able to take it back.
        if not (caller and caller.may("admin")) and guardian.keeps_out("source", source):
            raise Problem(403, "this source is isolated by an administrator", _LATER)

    def _within_quota(self, caller: Caller | None, source: str) -> None:
        wait = self._house.wait(caller, source)
        if wait <= 0:
            return
        if self._house.first_refusal(caller, source):
            self._audit.note("limit.reached", actor=caller.name if caller else "", source=source)
        raise Problem(429, "too many requests", {"Retry-After": seconds(wait)})

    def _allowed(self, caller: Caller | None, demand: Demand, source: str, path: str) -> None:
        if demand.role is None or not (self._house.closed or demand.always):
            return
        if caller is None:
            self._audit.note("access.refused", source=source, place=_place(path))
            raise Problem(401, "this needs a token", CHALLENGE)
        if not caller.may(demand.role):
            self._audit.note("access.refused", actor=caller.name, source=source, place=_place(path))
            raise Problem(403, f"this needs the role {demand.role}, and {caller.name} is {caller.role}")


def locked_out(left: float) -> Problem:
    """The refusal of a source that has guessed too often."""
    return Problem(429, "too many failed attempts from this address", {"Retry-After": seconds(left)})


def seconds(wait: float) -> str:
    """A Retry-After: whole seconds, and never 0, which would mean at once."""
    return str(max(1, math.ceil(wait)))


def _place(path: str) -> str:
    """The first two parts of a path; what follows is the client's own words."""
    return "/".join(path.split("/")[:3])[:64]
