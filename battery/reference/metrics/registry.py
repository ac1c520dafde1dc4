"""The registry: every metric of the service, rendered together."""

from typing import Protocol, TypeVar


class Metric(Protocol):
    """Something with a name that renders itself as text exposition, HELP and TYPE first."""

    @property
    def name(self) -> str:
        """The metric's name."""
        ...

    def render(self) -> str:
        """Its lines."""
        ...


M = TypeVar("M", bound=Metric)


class Registry:
    """Metrics by name; used from the event loop only, so nothing is locked."""

    def __init__(self) -> None:
        self._metrics: dict[str, Metric] = {}

    def add(self, metric: M) -> M:
        """Keep `metric` and return it.

        Raises: ValueError when the name is taken.
        """
        if metric.name in self._metrics:
            raise ValueError(f"{metric.name} is registered twice")
        self._metrics[metric.name] = metric
        return metric

    def render(self) -> str:
        """All metrics as one exposition."""
        return "".join(metric.render() for metric in self._metrics.values())
