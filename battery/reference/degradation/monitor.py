"""The monitor: looks at the machine and the dependency twice a second while the service runs."""

import asyncio
import logging
import time

import msgspec

from battery.reference.degradation.crowding import Crowding
from battery.reference.degradation.ladder import Ladder
from battery.reference.degradation.machine import Machine
from battery.reference.degradation.score import Signals, components, score_of
from battery.reference.dependency.failure import DependencyFailure
from battery.reference.dependency.link import DependencyLink

PERIOD_SECONDS = 0.5
_log = logging.getLogger("battery.reference.degradation")


class Monitor:
    """Moves the ladder, and probes a dependency that nobody asks while its features are switched off."""

    def __init__(
        self,
        machine: Machine,
        ladder: Ladder,
        link: DependencyLink,
        period: float = PERIOD_SECONDS,
        crowding: Crowding | None = None,
    ) -> None:
        self._machine, self._ladder, self._link, self._period = machine, ladder, link, period
        self._crowding = crowding or Crowding()
        self.lag_seconds = 0.0

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - a look that fails must not be the last one
                _log.exception("unforeseen")
            await self._rest()

    async def look(self) -> None:
        """Look once."""
        if self._link.state != "closed":
            try:
                await self._link.prices.ping()
            except DependencyFailure:
                pass  # the breaker has counted it
        before = self._ladder.level
        self._ladder.components = parts = components(self._signals())
        after = self._ladder.update(score_of(parts))
        if after != before:
            dear = {part.name: round(part.cost, 1) for part in parts if part.cost}
            fields = {"from": before, "to": after, "score": round(self._ladder.score, 1), "costs": dear}
            _log.warning("the level changed", extra={"fields": fields})

    def _signals(self) -> Signals:
        signals = self._machine.read(dependency_up=self._link.state == "closed")
        return msgspec.structs.replace(
            signals,
            loop_lag_seconds=self.lag_seconds,
            queue_free=self._crowding.queue(),
            requests_free=self._crowding.requests(),
        )

    async def _rest(self) -> None:
        """Sleep, and note how much later than asked for the event loop came back to us."""
        started = time.monotonic()
        await asyncio.sleep(self._period)
        self.lag_seconds = max(0.0, time.monotonic() - started - self._period)
