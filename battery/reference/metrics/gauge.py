"""A number that goes up and down."""

from collections.abc import Iterable

from battery.reference.metrics.metric import Metric
from battery.reference.metrics.sample import Sample


class Gauge(Metric):
    """One number without labels."""

    kind = "gauge"

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, description)
        self.value = 0.0

    def add(self, amount: float) -> None:
        """Move it by `amount`."""
        self.value += amount

    def samples(self) -> Iterable[Sample]:
        """The one."""
        return [Sample(self.name, (), (), self.value)]
