"""The caller: whom a request comes from, once its token or session has been believed."""

from typing import Literal, get_args

import msgspec
from starlette.types import Scope

Role = Literal["reader", "writer", "admin"]
# Each may what those before it may.
ROLES: tuple[Role, ...] = get_args(Role)
_CALLER, _SOURCE = "battery.caller", "battery.source"


class Caller(msgspec.Struct, frozen=True):
    """A name, what it may do, and whose data it sees."""

    name: str
    role: Role
    tenant: str

    def may(self, role: Role) -> bool:
        """Whether the caller's role is at least `role`."""
        return ROLES.index(self.role) >= ROLES.index(role)


def note_caller(scope: Scope, caller: Caller | None, source: str) -> None:
    """Keep in the scope who calls, and from where."""
    scope[_CALLER], scope[_SOURCE] = caller, source


def caller_of(scope: Scope) -> Caller | None:
    """Who calls; None is anonymous."""
    caller: Caller | None = scope.get(_CALLER)
    return caller


def actor_of(scope: Scope) -> str:
    """The name that stands in the audit log."""
    caller = caller_of(scope)
    return caller.name if caller else ""


def origin_of(scope: Scope) -> str:
    """From where the request comes, as the guard has noted it."""
    source: str = scope.get(_SOURCE, "")
    return source
