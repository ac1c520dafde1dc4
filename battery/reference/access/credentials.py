"""What a request presents: a bearer token, or the cookie of a session."""

import msgspec
from starlette.types import Scope

from battery.reference.access.caller import Caller
from battery.reference.access.house import HouseRules
from battery.reference.access.sessions import session_in


class Presented(msgspec.Struct, frozen=True):
    """Whether a token came, and whom it or a session stands for."""

    token: bool = False
    caller: Caller | None = None


_NOTHING = Presented()


def presented_by(scope: Scope, house: HouseRules) -> Presented:
    """Who calls. A session that has ended is no attempt at anything: browsers keep cookies for longer."""
    cookies = b""
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.strip().partition(b" ")
            if scheme.lower() != b"bearer":
                return Presented(token=True)
            return Presented(token=True, caller=house.tokens.holder(token.strip()))
        if name == b"cookie":
            cookies = value
    # Nobody is logged in: a cookie need not even be read.
    if not cookies or not len(house.sessions):
        return _NOTHING
    secret = session_in(cookies.decode("latin-1"))
    return Presented(caller=house.sessions.holder(secret)) if secret else _NOTHING
