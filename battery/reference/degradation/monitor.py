"""The monitor: looks at the machine and the dependency twice a second while the service runs."""

import asyncio
import logging

from battery.reference.degradation.ladder import Ladder
from battery.reference.degradation.machine import Machine
from battery.reference.degradation.score import score
from battery.reference.dependency.failure import DependencyFailure
from battery.reference.dependency.link import DependencyLink

PERIOD_SECONDS = 0.5
_log = logging.getLogger("battery.reference.degradation")


class Monitor:
    """Moves the ladder, and probes a dependency that nobody asks while its features are switched off."""

    def __init__(
        self, machine: Machine, ladder: Ladder, link: DependencyLink, period: float = PERIOD_SECONDS
    ) -> None:
        self._machine, self._ladder, self._link, self._period = machine, ladder, link, period

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - a look that fails must not be the last one
                _log.exception("unforeseen")
            await asyncio.sleep(self._period)

    async def look(self) -> None:
        """Look once."""
        if self._link.state != "closed":
            try:
                await self._link.prices.ping()
            except DependencyFailure:
                pass  # the breaker has counted it
        before = self._ladder.level
        signals = self._machine.read(dependency_up=self._link.state == "closed")
        after = self._ladder.update(score(signals))
        if after != before:
            fields = {"from": before, "to": after, "score": round(self._ladder.score, 1)}
            _log.warning("the level changed", extra={"fields": fields})
