"""Histograms: cumulative buckets up to +Inf, which counts as many as the count beside it."""

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.metrics.exposition import Family, Labels, Sample


class _Group:
    """The series of one label set."""

    def __init__(self) -> None:
        self.buckets: list[tuple[float, float]] = []
        self.count: float | None = None
        self.sum: float | None = None
        self.strange = False

    def take(self, family: Family, sample: Sample) -> None:
        suffix = sample.name.removeprefix(family.name)
        if suffix == "_bucket":
            bound = _number(dict(sample.labels).get("le", ""))
            self.strange = self.strange or math.isnan(bound)
            self.buckets.append((bound, sample.value))
        elif suffix == "_count":
            self.count = sample.value
        elif suffix == "_sum":
            self.sum = sample.value


def histogram_flaws(families: Iterable[Family]) -> Iterator[Flaw]:
    """What is wrong with each histogram, told once a label set."""
    for family in families:
        if family.kind == "histogram":
            for labels, group in _groups(family).items():
                where = str(Sample(family.name, labels, 0))
                for text in _troubles(group):
                    yield Flaw(rule="metrics.histogram", where=where, text=text)


def _groups(family: Family) -> dict[Labels, _Group]:
    groups: defaultdict[Labels, _Group] = defaultdict(_Group)
    for sample in family.samples:
        groups[tuple(pair for pair in sample.labels if pair[0] != "le")].take(family, sample)
    return groups


def _troubles(group: _Group) -> Iterator[str]:
    if not group.buckets:
        yield "it has no buckets: no quantile can be told"
        return
    if group.strange:
        yield "a bucket has no number as its le"
        return
    buckets = sorted(group.buckets)
    (last_bound, last), values = buckets[-1], [value for _, value in buckets]
    if any(later < earlier for earlier, later in itertools.pairwise(values)):
        yield "its buckets are not cumulative: a larger bound counts fewer"
    if not math.isinf(last_bound):
        yield "it has no +Inf bucket"
    elif group.count is not None and last != group.count:
        yield f"its +Inf bucket counts {last:g} and its _count {group.count:g}"
    if group.count is None:
        yield "it has no _count"
    if group.sum is None:
        yield "it has no _sum"


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
