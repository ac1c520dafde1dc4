"""The house rules: everything the guard asks, put together."""

import msgspec

from battery.reference.access.caller import Caller
from battery.reference.access.guardian import Guardian
from battery.reference.access.house_settings import HouseSettings
from battery.reference.access.limit import KNOWN, Limiter
from battery.reference.access.lockout import Lockout
from battery.reference.access.policy import Policy, demanded
from battery.reference.access.sessions import Sessions
from battery.reference.access.tokens import Tokens
from battery.reference.access.users import Users


class HouseRules(msgspec.Struct, frozen=True):
    """Who is known, how often anybody may call, how long a guesser is locked out, who may do what."""

    tokens: Tokens
    users: Users
    anonymous: Limiter | None
    known: Limiter
    lockout: Lockout
    sessions: Sessions = msgspec.field(default_factory=Sessions)
    guardian: Guardian = msgspec.field(default_factory=Guardian)
    policy: Policy = demanded
    strict_tenants: bool = True

    @property
    def closed(self) -> bool:
        """Whether anybody is known at all; with nobody known, everybody may read and write."""
        return bool(self.tokens) or bool(self.users)

    @property
    def callers(self) -> tuple[Caller, ...]:
        """Everybody who is known."""
        return (*self.tokens.callers, *self.users.callers)

    def wait(self, caller: Caller | None, source: str) -> float:
        """Take one request out of the caller's quota; the seconds to wait when there is none left."""
        if caller is not None:
            return self.known.wait(caller.name)
        return self.anonymous.wait(source) if self.anonymous else 0.0

    def first_refusal(self, caller: Caller | None, source: str) -> bool:
        """Whether it is the first request of a row that the quota refuses."""
        if caller is not None:
            return self.known.first_refusal(caller.name)
        return self.anonymous is not None and self.anonymous.first_refusal(source)


def house_of(settings: HouseSettings) -> HouseRules:
    """The rules; where nobody is known, everybody may read and write as often as they like, and nobody is an administrator."""
    counted = bool(settings.tokens or settings.users)
    return HouseRules(
        Tokens(settings.tokens),
        Users(settings.users),
        Limiter(settings.anonymous) if counted else None,
        Limiter(KNOWN),
        Lockout(settings.lockout_seconds),
    )
