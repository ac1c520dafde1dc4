"""Is the service on its way out?"""

from battery.reference.health.check import Unhealthy
from battery.reference.lifecycle import Lifecycle


class StaysUp:
    """A service that was told to stop serves what it has begun and wants nothing new."""

    name = "lifecycle"

    def __init__(self, lifecycle: Lifecycle) -> None:
        self._lifecycle = lifecycle

    async def look(self) -> str:
        """Look whether it was told to stop."""
        if self._lifecycle.draining:
            raise Unhealthy("shutting down")
        return "serving"
