"""Answers that take longer and longer."""

import asyncio
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="degrading",
    title="every answer takes 20 ms more, and 1 % longer with each second since the start",
    instrument="load",
)
BASE_SECONDS, GROWTH_PER_SECOND = 0.02, 0.01


def delay_at(age: float) -> float:
    """The delay of a service that is `age` seconds old: linear, so that a soak of hours stays a soak."""
    return BASE_SECONDS * (1 + GROWTH_PER_SECOND * age)


class Degrading:
    """Delays each request."""

    def __init__(self, app: ASGIApp, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._clock, self._started = app, clock, clock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, then serve."""
        if scope["type"] == "http":
            await asyncio.sleep(delay_at(self._clock() - self._started))
        await self._app(scope, receive, send)
