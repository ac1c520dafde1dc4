"""A number that stands elsewhere and is read when it is scraped."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from battery.reference.metrics.metric import Metric
from battery.reference.metrics.sample import Sample

Readings = Mapping[tuple[str, ...], float]


class Reading(Metric):
    """A counter or gauge whose values `read` supplies, by their label values."""

    def __init__(
        self,
        name: str,
        kind: Literal["counter", "gauge"],
        description: str,
        read: Callable[[], Readings],
        labels: tuple[str, ...] = (),
    ) -> None:
        super().__init__(name, description, labels)
        self.kind, self._read = kind, read

    def samples(self) -> Iterable[Sample]:
        """What is read at this moment."""
        return [Sample(self.name, self.labels, values, number) for values, number in self._read().items()]
