"""Is there room in the lanes of the store?"""

from battery.reference.health.check import Unhealthy
from battery.reference.store.interface import Crowd


class LaneRoom:
    """A lane that is full refuses work."""

    name = "lanes"

    def __init__(self, lanes: tuple[Crowd, ...]) -> None:
        self._lanes = lanes

    async def look(self) -> str:
        """Look for a full one."""
        full = [lane.name for lane in self._lanes if lane.depth >= lane.capacity]
        if full:
            raise Unhealthy(f"full: {', '.join(full)}")
        return "have room"
