"""A scrape that never moves."""

from battery.reference.defects.defect import Defect
from battery.reference.metrics.registry import Registry

DEFECT = Defect(
    name="metrics_frozen",
    title="every scrape repeats the first one",
    instrument="readiness",
)


class FrozenRegistry(Registry):
    """Renders once for each format, and remembers it."""

    def __init__(self) -> None:
        super().__init__()
        self._first: dict[bool, str] = {}

    def render(self, *, open_metrics: bool = False) -> str:
        """What it was at first."""
        if open_metrics not in self._first:
            self._first[open_metrics] = super().render(open_metrics=open_metrics)
        return self._first[open_metrics]
