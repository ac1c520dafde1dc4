"""Whether a scrape shows what an operator needs: rate, errors and duration, and counts that move with requests."""

from collections.abc import Iterator

from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.metrics.exposition import Exposition
from battery.readiness.observability.metrics.growth import growths
from battery.readiness.observability.metrics.red import red_of

_HOW = {
    "request rate": "count every request, as in http_requests_total",
    "errors": "give the count of requests a label with the status, or count errors by themselves",
    "duration": "observe every request in a histogram, as in http_request_duration_seconds",
}


def missing_flaws(exposition: Exposition, path: str) -> Iterator[Flaw]:
    """Of request rate, errors and duration those that nothing tells."""
    for what in red_of(exposition).missing:
        yield Flaw(rule="metrics.red", where=path, text=f"nothing tells the {what}: {_HOW[what]}")


def stillness_flaws(before: Exposition, after: Exposition, path: str, requests: int) -> Iterator[Flaw]:
    """Counts that all stand still while requests come in."""
    if not any(growth.grown > 0 or growth.fell for growth in growths(before, after)):
        text = f"no count grew over {requests} requests: what is exposed is not what happens"
        yield Flaw(rule="metrics.still", where=path, text=text)
