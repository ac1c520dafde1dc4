"""Putting the defects of resilience and telemetry where they belong."""

from collections.abc import Collection

from battery.reference.defects import (
    degradation_never,
    metrics_frozen,
    metrics_malformed,
    metrics_miss,
    restart_count_hidden,
)
from battery.reference.degradation.ladder import Ladder
from battery.reference.lifecycle import Lifecycle
from battery.reference.metrics.registry import Registry
from battery.reference.metrics.requests import RequestMetrics


def planted_registry(names: Collection[str]) -> Registry:
    """A registry with the defects of the scrape."""
    if metrics_frozen.DEFECT.name in names:
        return metrics_frozen.FrozenRegistry()
    return metrics_malformed.MalformedRegistry() if metrics_malformed.DEFECT.name in names else Registry()


def planted_requests(registry: Registry, names: Collection[str]) -> RequestMetrics:
    """What counts requests, with its defect."""
    missing = metrics_miss.DEFECT.name in names
    return metrics_miss.MissingRequests(registry) if missing else RequestMetrics(registry)


def planted_ladder(names: Collection[str]) -> Ladder:
    """The ladder, with its defect."""
    return degradation_never.StiffLadder() if degradation_never.DEFECT.name in names else Ladder()


def shown_lifecycle(lifecycle: Lifecycle, names: Collection[str]) -> Lifecycle:
    """The lifecycle as health and metrics tell it, with its defect."""
    hidden = restart_count_hidden.DEFECT.name in names
    return restart_count_hidden.without_count(lifecycle) if hidden else lifecycle
