"""Requests that the service's own counter does not know of."""

from battery.reference.defects.defect import Defect
from battery.reference.metrics.requests import RequestMetrics

DEFECT = Defect(
    name="metrics_miss",
    title="request counter and latency histogram miss every 50th request",
    instrument="readiness",
)
EVERY = 50


class MissingRequests(RequestMetrics):
    """Looks away each time that many have ended."""

    _ended = 0

    def count(self, labels: tuple[str, str, str], seconds: float) -> None:
        """Count it, mostly."""
        self._ended += 1
        if self._ended % EVERY:
            super().count(labels, seconds)
