"""A scrape that cannot be."""

from battery.reference.defects.defect import Defect
from battery.reference.metrics.histogram import Histogram
from battery.reference.metrics.registry import Registry
from battery.reference.metrics.sample import Sample

DEFECT = Defect(
    name="metrics_malformed",
    title="the scrape holds a histogram whose buckets fall and whose +Inf is not its count",
    instrument="readiness",
)


class FallingHistogram(Histogram):
    """Tells its buckets as if each counted for itself alone."""

    def samples(self) -> list[Sample]:
        """Falling buckets."""
        told = {"0.1": 7.0, "1": 3.0, "+Inf": 5.0}
        buckets = [Sample(f"{self.name}_bucket", ("le",), (bound,), count) for bound, count in told.items()]
        return [*buckets, Sample(f"{self.name}_sum", (), (), 1.5), Sample(f"{self.name}_count", (), (), 9.0)]


class MalformedRegistry(Registry):
    """Has one metric more, which no instrument can read right."""

    def __init__(self) -> None:
        super().__init__()
        self.add(FallingHistogram("checkout_duration_seconds", "Time of a checkout."))
