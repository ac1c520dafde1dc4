"""A number that only grows."""

from collections.abc import Iterable

from battery.reference.metrics.metric import Metric
from battery.reference.metrics.sample import Sample


class Counter(Metric):
    """A counter for each combination of label values; without labels it starts at 0."""

    kind = "counter"

    def __init__(self, name: str, description: str, labels: tuple[str, ...] = ()) -> None:
        super().__init__(name, description, labels)
        self._values: dict[tuple[str, ...], float] = {} if labels else {(): 0.0}

    def add(self, *values: str, amount: float = 1.0) -> None:
        """Count `amount` more.

        Raises: ValueError when it is negative or the label values do not fit the labels.
        """
        if amount < 0 or len(values) != len(self.labels):
            raise ValueError(f"{self.name} cannot count {amount} for {values}")
        self._values[values] = self._values.get(values, 0.0) + amount

    def samples(self) -> Iterable[Sample]:
        """One for each combination."""
        return [Sample(self.name, self.labels, values, count) for values, count in self._values.items()]
