"""The lockout: a source that guesses is not listened to for a while."""

import time
from collections.abc import Callable

THRESHOLD, WINDOW_SECONDS, LOCK_SECONDS = 10, 30.0, 5.0
MOST_SOURCES = 4096


class Lockout:
    """Counts failed logins and unknown tokens by source; `threshold` in `window` seconds lock it for `seconds`."""

    def __init__(
        self,
        seconds: float = LOCK_SECONDS,
        *,
        threshold: int = THRESHOLD,
        window: float = WINDOW_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.begun = 0
        self._seconds, self._threshold, self._window, self._clock = seconds, threshold, window, clock
        self._failures: dict[str, list[float]] = {}
        self._until: dict[str, float] = {}

    def left(self, source: str) -> float:
        """The seconds for which the source stays locked out; 0 when it is not."""
        if source not in self._until:
            return 0.0
        left = self._until[source] - self._clock()
        if left > 0:
            return left
        del self._until[source]
        return 0.0

    def failed(self, source: str) -> bool:
        """Count one failure; whether it is the one that locks the source out."""
        now = self._clock()
        recent = [at for at in self._failures.pop(source, ()) if now - at < self._window]
        recent.append(now)
        if len(recent) < self._threshold:
            self._failures[source] = recent
            _bound(self._failures)
            return False
        self._until[source] = now + self._seconds
        _bound(self._until)
        self.begun += 1
        return True


def _bound(known: dict[str, list[float]] | dict[str, float]) -> None:
    """Forget the oldest: an attacker with many addresses must not fill the memory."""
    if len(known) > MOST_SOURCES:
        del known[next(iter(known))]
