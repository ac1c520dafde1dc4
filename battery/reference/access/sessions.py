"""Sessions: what a login leaves in a browser."""

import hashlib
import secrets
import time
from collections.abc import Callable

from battery.reference.access.caller import Caller

# The prefix makes browsers refuse it without Secure, with a Domain, or from another path.
COOKIE = "__Host-session"
SECONDS = 900.0
MOST = 1000


class Sessions:
    """Who is logged in; kept in memory, so that a restart ends them all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # In the order of their ends, because all last equally long.
        self._open: dict[bytes, tuple[Caller, float]] = {}

    def __len__(self) -> int:
        return len(self._open)

    def begin(self, caller: Caller) -> str:
        """The secret of a new session; the oldest ends when there are too many."""
        self._forget_ended()
        if len(self._open) >= MOST:
            del self._open[next(iter(self._open))]
        secret = secrets.token_urlsafe(32)
        self._open[_digest(secret)] = (caller, self._clock() + SECONDS)
        return secret

    def holder(self, secret: str) -> Caller | None:
        """Whose session it is; None when it has ended or never was."""
        caller, end = self._open.get(_digest(secret), (None, 0.0))
        return caller if self._clock() < end else None

    def end(self, secret: str) -> None:
        """Log one out."""
        self._open.pop(_digest(secret), None)

    def end_all(self) -> int:
        """Log everybody out; how many there were."""
        count = len(self._open)
        self._open.clear()
        return count

    def _forget_ended(self) -> None:
        now = self._clock()
        while self._open and self._open[first := next(iter(self._open))][1] <= now:
            del self._open[first]


def session_in(cookies: str) -> str | None:
    """The session's secret in a Cookie header."""
    # By hand: the library's reader gives up on a header in which another cookie has a strange name.
    for part in cookies.split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value.strip('"')
    return None


def session_cookie(secret: str, seconds: float = SECONDS) -> str:
    """The Set-Cookie header of a session; 0 seconds take it away again."""
    return f"{COOKIE}={secret}; Max-Age={seconds:.0f}; Path=/; Secure; HttpOnly; SameSite=Strict"


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
