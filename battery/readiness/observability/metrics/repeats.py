"""Series that stand in one scrape more than once: Prometheus keeps one of their values and drops the others."""

from collections import Counter
from collections.abc import Iterable

from battery.readiness.observability.metrics.exposition import Sample


def repeated(samples: Iterable[Sample]) -> tuple[str, ...]:
    """Each series that is told more than once, as it is written."""
    times = Counter((sample.name, sample.labels) for sample in samples)
    return tuple(str(Sample(*key, 0.0)) for key, count in times.items() if count > 1)
