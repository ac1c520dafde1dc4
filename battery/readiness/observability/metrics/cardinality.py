"""Cardinality: how many series there are, and which label makes them."""

from collections import defaultdict

from battery.model.frozen import Frozen
from battery.readiness.observability.metrics.exposition import Exposition, Family


class Cardinality(Frozen, frozen=True, kw_only=True):
    """The number of series and of metrics, and of the largest metric its label with the most values."""

    series: int
    families: int
    largest: str = ""
    largest_series: int = 0
    widest_label: str = ""
    widest_values: int = 0


def cardinality_of(exposition: Exposition) -> Cardinality:
    """The figures of one scrape."""
    families = [family for family in exposition.families if family.samples]
    if not families:
        return Cardinality(series=0, families=0)
    largest = max(families, key=lambda family: len(family.samples))
    label, values = _widest(largest)
    return Cardinality(
        series=sum(len(family.samples) for family in families),
        families=len({family.name for family in families}),
        largest=largest.name,
        largest_series=len(largest.samples),
        widest_label=label,
        widest_values=values,
    )


def _widest(family: Family) -> tuple[str, int]:
    values: defaultdict[str, set[str]] = defaultdict(set)
    for sample in family.samples:
        for name, value in sample.labels:
            values[name].add(value)
    return max(
        ((name, len(told)) for name, told in values.items()), key=lambda item: item[1], default=("", 0)
    )
