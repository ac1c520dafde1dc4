"""Bearer tokens: kept as digests, compared in a time that tells nothing."""

import hashlib
import hmac
from collections.abc import Iterable

from battery.reference.access.caller import Caller
from battery.reference.access.listing import Listed
from battery.reference.clock import Clock, wall_clock


class Tokens:
    """Who holds which token."""

    def __init__(self, listed: Iterable[Listed] = (), clock: Clock = wall_clock) -> None:
        # The digest is all that is kept.
        self._known = tuple((_digest(one.secret.encode()), _without_secret(one)) for one in listed)
        self.clock = clock

    def __bool__(self) -> bool:
        return bool(self._known)

    @property
    def callers(self) -> tuple[Caller, ...]:
        """Everybody who holds one."""
        return tuple(one.caller for _, one in self._known)

    def holder(self, token: bytes) -> Caller | None:
        """Who holds this token; None when nobody does, or it has expired."""
        digest, found = _digest(token), None
        # To the end also after a hit: where it stands in the list is nobody's business.
        for known, one in self._known:
            if hmac.compare_digest(known, digest):
                found = one
        if found is None or (found.expiry is not None and self.clock() >= found.expiry):
            return None
        return found.caller


def _digest(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()


def _without_secret(one: Listed) -> Listed:
    return Listed(one.caller, "", one.expiry)
