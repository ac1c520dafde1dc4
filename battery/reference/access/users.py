"""People who log in with a password."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from battery.reference.access.caller import Caller
from battery.reference.access.listing import Listed
from battery.reference.clock import Clock, wall_clock

# 16 MiB and some 30 ms for each try: what a leaked digest or a guesser pays.
_COST, _BLOCK, _PARALLEL = 2**14, 8, 1


class Users:
    """Who has which password; only salted digests are kept."""

    def __init__(self, listed: Iterable[Listed] = (), clock: Clock = wall_clock) -> None:
        self._salt, self._clock = secrets.token_bytes(16), clock
        self._known = {
            one.caller.name: (self._digest(one.secret), Listed(one.caller, "", one.expiry)) for one in listed
        }
        # What nobody's password has: whoever is not known takes as long to refuse as a wrong password.
        self._nobody = secrets.token_bytes(64)

    def __bool__(self) -> bool:
        return bool(self._known)

    @property
    def callers(self) -> tuple[Caller, ...]:
        """Everybody who has one."""
        return tuple(one.caller for _, one in self._known.values())

    def knows(self, name: str) -> bool:
        """Whether somebody has this name."""
        return name in self._known

    def caller(self, name: str, password: str) -> Caller | None:
        """Who logs in; None when name and password do not fit, or the password has expired."""
        known, one = self._known.get(name, (self._nobody, None))
        fits = hmac.compare_digest(known, self._digest(password))
        if not fits or one is None or (one.expiry is not None and self._clock() >= one.expiry):
            return None
        return one.caller

    def _digest(self, password: str) -> bytes:
        return hashlib.scrypt(
            password.encode("utf-8", "surrogatepass"), salt=self._salt, n=_COST, r=_BLOCK, p=_PARALLEL
        )
