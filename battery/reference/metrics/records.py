"""What happened to records."""

from battery.reference.metrics.counter import Counter
from battery.reference.metrics.registry import Registry


class RecordMetrics:
    """Counts acknowledged records only."""

    def __init__(self, registry: Registry) -> None:
        self.kept = registry.add(Counter("records_kept_total", "Records stored."))
        self.replayed = registry.add(
            Counter("records_replayed_total", "Retries answered with the record that their id stands for.")
        )
