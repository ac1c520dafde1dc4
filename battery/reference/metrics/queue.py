"""How full the job queue is."""

from typing import Protocol

from battery.reference.metrics.reading import Reading
from battery.reference.metrics.registry import Registry
from battery.reference.queue.job import Backlog


class QueueFigures(Protocol):
    """What can be read of a queue."""

    @property
    def capacity(self) -> int:
        """Jobs that may be accepted and not done."""
        ...

    @property
    def backlog(self) -> Backlog:
        """Those that are."""
        ...

    def oldest_seconds(self) -> float:
        """How long the oldest of them waits."""
        ...


def register_queue(registry: Registry, queue: QueueFigures) -> None:
    """Add depth, capacity and age."""
    for reading in (
        Reading("jobs_queue_depth", "gauge", "Jobs not done yet.", lambda: {(): queue.backlog.depth}),
        Reading("jobs_running", "gauge", "Jobs being done.", lambda: {(): queue.backlog.running}),
        Reading("jobs_queue_capacity", "gauge", "Jobs that may wait.", lambda: {(): queue.capacity}),
        Reading(
            "jobs_queue_oldest_age_seconds",
            "gauge",
            "How long the oldest job that is not done has waited.",
            lambda: {(): queue.oldest_seconds()},
        ),
    ):
        registry.add(reading)
