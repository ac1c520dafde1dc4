"""Rate, errors and duration of requests."""

from battery.reference.metrics.counter import Counter
from battery.reference.metrics.gauge import Gauge
from battery.reference.metrics.histogram import Histogram
from battery.reference.metrics.registry import Registry

_LABELS = ("method", "route", "status")


class RequestMetrics:
    """What is counted of every exchange."""

    def __init__(self, registry: Registry) -> None:
        self._requests = registry.add(Counter("http_requests_total", "Requests answered.", _LABELS))
        self._errors = registry.add(
            Counter("http_request_errors_total", "Requests answered with a status of 500 or more.", _LABELS)
        )
        self._durations = registry.add(
            Histogram("http_request_duration_seconds", "Time from request to the end of its answer.", _LABELS)
        )
        self._in_progress = registry.add(Gauge("http_requests_in_progress", "Requests being served."))

    def begin(self) -> None:
        """A request has come in."""
        self._in_progress.add(1)

    def end(self, method: str, route: str, status: int, seconds: float) -> None:
        """Its answer is out."""
        self._in_progress.add(-1)
        self.count((method, route, str(status)), seconds)

    def count(self, labels: tuple[str, str, str], seconds: float) -> None:
        """Count it wherever requests are counted."""
        self._requests.add(*labels)
        self._durations.observe(seconds, *labels)
        if labels[2] >= "500":
            self._errors.add(*labels)
