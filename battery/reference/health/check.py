"""A health check: what it is, what it finds, and how it is run."""

import asyncio
import time
from typing import Protocol

import msgspec

from battery.reference.store.failure import StoreFailure


class Unhealthy(Exception):
    """A check found that its part cannot serve; the text says why."""


class HealthCheck(Protocol):
    """One part of the service that can be looked at."""

    @property
    def name(self) -> str:
        """The part."""
        ...

    async def look(self) -> str:
        """What was seen, in a few words.

        Raises: Unhealthy or StoreFailure when the part cannot serve.
        """
        ...


class Outcome(msgspec.Struct, frozen=True):
    """What one check found."""

    name: str
    ok: bool
    detail: str
    duration_ms: float


async def examine(check: HealthCheck, seconds: float) -> Outcome:
    """Run a check; one that does not answer within `seconds` has failed."""
    started = time.perf_counter()
    try:
        async with asyncio.timeout(seconds):
            ok, detail = True, await check.look()
    except TimeoutError:
        ok, detail = False, f"no answer within {seconds:g} s"
    except (Unhealthy, StoreFailure) as error:
        ok, detail = False, str(error)
    return Outcome(check.name, ok, detail, round((time.perf_counter() - started) * 1000, 3))
