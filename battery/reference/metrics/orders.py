"""What happened to orders."""

from battery.reference.metrics.counter import Counter
from battery.reference.metrics.registry import Registry


class OrderMetrics:
    """Counts acknowledged changes only."""

    def __init__(self, registry: Registry) -> None:
        self.placed = registry.add(Counter("orders_placed_total", "Orders stored."))
        self.replayed = registry.add(
            Counter("orders_replayed_total", "Retries answered with the order that their key stands for.")
        )
        self.removed = registry.add(Counter("orders_removed_total", "Orders deleted."))
