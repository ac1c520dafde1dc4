"""Values that cannot be: counters below zero, quantiles that are none."""

import math
from collections.abc import Iterable, Iterator

from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.metrics.exposition import Family, Sample


def value_flaws(families: Iterable[Family]) -> Iterator[Flaw]:
    """What only grows from zero must be a number from zero on; a summary's quantile lies between 0 and 1."""
    for family in families:
        for sample in family.counting:
            if not 0 <= sample.value < math.inf:
                text = f"it counts {sample.value:g}: what only grows from 0 cannot"
                yield Flaw(rule="metrics.value", where=str(sample), text=text)
        if family.kind == "summary":
            yield from _summary(family)


def _summary(family: Family) -> Iterator[Flaw]:
    names = {sample.name for sample in family.samples}
    for suffix in ("_count", "_sum"):
        if family.samples and family.name + suffix not in names:
            yield Flaw(rule="metrics.summary", where=family.name, text=f"it has no {suffix}")
    for sample in family.samples:
        if sample.name == family.name and not _is_quantile(sample):
            text = "its quantile is no number between 0 and 1"
            yield Flaw(rule="metrics.summary", where=str(sample), text=text)


def _is_quantile(sample: Sample) -> bool:
    try:
        return 0 <= float(dict(sample.labels).get("quantile", "")) <= 1
    except ValueError:
        return False
