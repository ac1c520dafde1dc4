"""The pace: how many requests may still go out, and when the next one may."""

import asyncio
import time

from battery.scan.target.request import ScanLimits


class Pace:
    """A budget of requests, a rate, and a store of patience for answers that say 'later'."""

    def __init__(self, limits: ScanLimits) -> None:
        self._left, self._gap = limits.requests, 1 / limits.rate
        self._patience = limits.patience
        self._next = 0.0

    def spend(self, count: int = 1) -> bool:
        """Take requests out of the budget; False when there are not enough."""
        if self._left < count:
            self._left = 0
            return False
        self._left -= count
        return True

    async def turn(self) -> None:
        """Wait until the rate allows the next request."""
        now = time.monotonic()
        at = max(self._next, now)
        self._next = at + self._gap
        if at > now:
            await asyncio.sleep(at - now)

    async def wait(self, seconds: float) -> bool:
        """Be patient for so long; False, at once, when the patience does not reach that far."""
        if seconds > self._patience:
            return False
        self._patience -= seconds
        await asyncio.sleep(seconds)
        return True


def retry_after(value: str | None) -> float | None:
    """The seconds that a Retry-After header asks for; None when it gives no number of seconds."""
    text = (value or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
