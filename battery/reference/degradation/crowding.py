"""How full the places are in which work waits."""

from collections.abc import Callable

LeastFree = Callable[[], float]


def ample() -> float:
    """Of a place that is never full."""
    return 1.0


class Crowding:
    """For each place, the least share of it that was free since the last look."""

    def __init__(self, queue: LeastFree = ample, requests: LeastFree = ample) -> None:
        self.queue, self.requests = queue, requests
