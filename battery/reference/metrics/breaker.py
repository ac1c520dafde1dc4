"""The circuit breaker and the calls behind it."""

from battery.reference.dependency.breaker import STATES
from battery.reference.dependency.client import DependencyClient
from battery.reference.metrics.reading import Reading
from battery.reference.metrics.registry import Registry


def register_breaker(registry: Registry, client: DependencyClient) -> None:
    """Add the breaker's state, how often it opened and refused, and how calls ended."""
    breaker = client.breaker
    for reading in (
        Reading(
            "breaker_state",
            "gauge",
            "1 for the state that the circuit breaker is in.",
            lambda: {(state,): float(breaker.state == state) for state in STATES},
            ("state",),
        ),
        Reading("breaker_opened_total", "counter", "Times the breaker opened.", lambda: {(): breaker.opened}),
        Reading(
            "breaker_refused_total", "counter", "Calls that were not made.", lambda: {(): breaker.refused}
        ),
        Reading(
            "dependency_calls_total",
            "counter",
            "Calls of the dependency, by how they ended.",
            lambda: {("answered",): client.answered, ("failed",): client.failed},
            ("result",),
        ),
    ):
        registry.add(reading)
