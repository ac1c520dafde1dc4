"""Does the dependency answer?"""

from battery.reference.dependency.failure import DependencyFailure
from battery.reference.dependency.link import DependencyLink
from battery.reference.health.check import Unhealthy
from battery.reference.health.shared import SharedRun


class DependencyAnswers:
    """Asks the dependency, unless the breaker knows already; a probe of a half-open breaker is left to others."""

    name = "dependency"

    def __init__(self, link: DependencyLink) -> None:
        self._link = link
        self._ping = SharedRun(self._link.prices.ping)

    async def look(self) -> str:
        """Ask once, together with whoever asks meanwhile."""
        if self._link.state != "closed":
            raise Unhealthy(f"the circuit breaker is {self._link.state.replace('_', '-')}")
        try:
            await self._ping()
        except DependencyFailure as error:
            raise Unhealthy(str(error)) from error
        return "answers"
