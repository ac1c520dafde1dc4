"""How crowded the lanes of the store are."""

from battery.reference.metrics.reading import Reading
from battery.reference.metrics.registry import Registry
from battery.reference.store.interface import Crowd

_LABELS = ("lane",)


def register_lanes(registry: Registry, lanes: tuple[Crowd, ...]) -> None:
    """Add depth, capacity and refusals of each lane."""
    for reading in (
        Reading(
            "store_lane_depth",
            "gauge",
            "Work waiting or running.",
            lambda: {(lane.name,): lane.depth for lane in lanes},
            _LABELS,
        ),
        Reading(
            "store_lane_capacity",
            "gauge",
            "Work that may wait or run.",
            lambda: {(lane.name,): lane.capacity for lane in lanes},
            _LABELS,
        ),
        Reading(
            "store_lane_refused_total",
            "counter",
            "Work refused because the lane was full.",
            lambda: {(lane.name,): lane.refused for lane in lanes},
            _LABELS,
        ),
    ):
        registry.add(reading)
