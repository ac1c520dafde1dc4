"""How often a value fell below each of some bounds."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate

from battery.reference.metrics.metric import Metric
from battery.reference.metrics.sample import Sample

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class _Tally:
    """The observations for one combination of label values."""

    def __init__(self, buckets: int) -> None:
        self.buckets, self.total = [0] * buckets, 0.0


class Histogram(Metric):
    """A histogram for each combination of label values; a value equal to a bound falls into its bucket."""

    kind = "histogram"

    def __init__(
        self, name: str, description: str, labels: tuple[str, ...] = (), bounds: tuple[float, ...] = SECONDS
    ) -> None:
        super().__init__(name, description, labels)
        if "le" in labels or list(bounds) != sorted(set(bounds)):
            raise ValueError(f"{name} needs rising bounds and no label of its own named le")
        self.bounds = bounds
        # Without labels there is one series from the start, and a rate over it begins with the first value.
        self._tallies: dict[tuple[str, ...], _Tally] = {} if labels else {(): _Tally(len(bounds) + 1)}

    def observe(self, value: float, *values: str) -> None:
        """Note one value.

        Raises: ValueError when the label values do not fit the labels.
        """
        if len(values) != len(self.labels):
            raise ValueError(f"{self.name} has the labels {self.labels}, not {values}")
        tally = self._tallies.setdefault(values, _Tally(len(self.bounds) + 1))
        tally.buckets[bisect_left(self.bounds, value)] += 1
        tally.total += value

    def samples(self) -> Iterable[Sample]:
        """Buckets, sum and count of each combination."""
        return [sample for values, tally in self._tallies.items() for sample in self._samples(values, tally)]

    def _samples(self, values: tuple[str, ...], tally: _Tally) -> Iterator[Sample]:
        bounds: list[str | float] = [*self.bounds, "+Inf"]
        for bound, count in zip(bounds, accumulate(tally.buckets), strict=True):
            yield Sample(f"{self.name}_bucket", (*self.labels, "le"), (*values, bound), count)
        yield Sample(f"{self.name}_sum", self.labels, values, tally.total)
        yield Sample(f"{self.name}_count", self.labels, values, sum(tally.buckets))
