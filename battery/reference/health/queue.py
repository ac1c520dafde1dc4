"""Can jobs be kept and done?"""

from typing import Protocol


class Checked(Protocol):
    """A queue that can be looked at."""

    def check(self) -> str:
        """What can be said of it. Raises: StoreUnavailable when jobs cannot be kept or done."""
        ...


class QueueWorks:
    """Looks at the queue; one that is full works."""

    name = "queue"

    def __init__(self, queue: Checked) -> None:
        self._queue = queue

    async def look(self) -> str:
        """Look for trouble."""
        return self._queue.check()
