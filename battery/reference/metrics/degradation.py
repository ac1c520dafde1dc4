"""Level, score, load that was refused, restarts."""

from battery.reference.degradation.ladder import LEVELS, Ladder
from battery.reference.lifecycle import Lifecycle
from battery.reference.metrics.reading import Reading
from battery.reference.metrics.registry import Registry
from battery.reference.shedding import Shedding


def register_degradation(
    registry: Registry, ladder: Ladder, shedding: Shedding, lifecycle: Lifecycle
) -> None:
    """Add what tells how the service copes."""
    for reading in (
        Reading(
            "degradation_level",
            "gauge",
            "1 for the level that the service runs at.",
            lambda: {(level,): float(ladder.level == level) for level in LEVELS},
            ("level",),
        ),
        Reading("health_score", "gauge", "100 when nothing is short.", lambda: {(): ladder.score}),
        Reading(
            "degradation_changes_total", "counter", "Changes of the level.", lambda: {(): ladder.changes}
        ),
        Reading(
            "requests_shed_total",
            "counter",
            "Requests refused because too many were being served.",
            lambda: {(): shedding.refused},
        ),
        Reading("requests_limit", "gauge", "Requests served at a time.", lambda: {(): shedding.limit}),
        Reading(
            "health_component_cost",
            "gauge",
            "What a component costs of the health score.",
            lambda: {(part.name,): part.cost for part in ladder.components},
            ("component",),
        ),
        Reading(
            "feature_available",
            "gauge",
            "1 for a feature that is there at this level, 0 for one that is switched off.",
            lambda: {(feature,): float(ladder.has(feature)) for feature in ladder.spared},
            ("feature",),
        ),
        Reading(
            "feature_spared_total",
            "counter",
            "Requests answered without a feature that was switched off.",
            lambda: {(feature,): times for feature, times in ladder.spared.items()},
            ("feature",),
        ),
        Reading(
            "requests_in_flight", "gauge", "Requests that hold a place.", lambda: {(): shedding.in_flight}
        ),
        Reading("supervisor_up", "gauge", "1 under a supervisor.", lambda: {(): float(lifecycle.supervised)}),
        Reading(
            "supervisor_restarts_total",
            "counter",
            "Restarts by the supervisor.",
            lambda: {(): lifecycle.restarts or 0},
        ),
    ):
        registry.add(reading)
