"""The registry: every metric of the service, rendered together."""

from typing import TypeVar

from battery.reference.metrics import openmetrics
from battery.reference.metrics.metric import Metric

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

    def names(self) -> list[str]:
        """The names of all, in their order."""
        return list(self._metrics)

    def render(self, *, open_metrics: bool = False) -> str:
        """All metrics as one exposition, classic or OpenMetrics."""
        lines = "".join(metric.render(open_metrics=open_metrics) for metric in self._metrics.values())
        return lines + openmetrics.END if open_metrics else lines
