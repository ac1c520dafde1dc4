"""The rate limit: a bucket of requests for each caller, which fills again with time."""

import time
from collections.abc import Callable

import msgspec

MOST_KEYS = 4096


class Quota(msgspec.Struct, frozen=True):
    """How many requests may come at once, and how many a second for ever."""

    burst: float
    rate: float


ANONYMOUS = Quota(150.0, 10.0)
KNOWN = Quota(20_000.0, 10_000.0)


class WrongQuota(ValueError):
    """What was given is no quota."""


def quota_in(text: str) -> Quota:
    """A quota as `burst:rate`, such as 150:10.

    Raises: WrongQuota.
    """
    burst, _, rate = text.partition(":")
    try:
        quota = Quota(float(burst), float(rate))
    except ValueError:
        quota = Quota(0, 0)
    if not (1 <= quota.burst <= 1e9 and 0.01 <= quota.rate <= 1e9):
        raise WrongQuota(f"{text!r} is no limit; expected BURST:RATE, such as 150:10")
    return quota


class Limiter:
    """Buckets by key; whoever was not seen for longest is forgotten first."""

    def __init__(
        self, quota: Quota, clock: Callable[[], float] = time.monotonic, most_keys: int = MOST_KEYS
    ) -> None:
        self.refused = 0
        self._quota, self._clock, self._most = quota, clock, most_keys
        self._buckets: dict[str, tuple[float, float]] = {}
        self._turned_away: set[str] = set()

    def wait(self, key: str) -> float:
        """Take one request out of the bucket: 0 when it may go on, else the seconds until the next one may."""
        now, quota = self._clock(), self._quota
        left, at = self._buckets.pop(key, (quota.burst, now))
        left = min(quota.burst, left + (now - at) * quota.rate)
        if left >= 1.0:
            self._buckets[key] = (left - 1.0, now)
            # One that knocks all the time gets in now and then: the row ends when it has been quiet for a while.
            if left >= quota.burst / 2:
                self._turned_away.discard(key)
            self._bound()
            return 0.0
        self._buckets[key] = (left, now)
        self.refused += 1
        return (1.0 - left) / quota.rate

    def first_refusal(self, key: str) -> bool:
        """Whether this is the first request refused since the key's bucket was at least half full."""
        if key in self._turned_away:
            return False
        self._turned_away.add(key)
        return True

    def _bound(self) -> None:
        if len(self._buckets) > self._most:
            oldest = next(iter(self._buckets))
            del self._buckets[oldest]
            self._turned_away.discard(oldest)
