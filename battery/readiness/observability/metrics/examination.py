"""All that is wrong with one scrape."""

from collections.abc import Iterator

from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.metrics.description import description_flaws
from battery.readiness.observability.metrics.exposition import Exposition
from battery.readiness.observability.metrics.histograms import histogram_flaws
from battery.readiness.observability.metrics.names import name_flaws
from battery.readiness.observability.metrics.values import value_flaws


def metric_flaws(exposition: Exposition) -> tuple[Flaw, ...]:
    """Every flaw, errors first."""
    families = exposition.families
    found = (
        *_repeats(exposition),
        *histogram_flaws(families),
        *value_flaws(families),
        *description_flaws(families),
        *name_flaws(families),
    )
    return tuple(sorted(found, key=lambda flaw: flaw.weight != "error"))


def _repeats(exposition: Exposition) -> Iterator[Flaw]:
    for series in exposition.repeated:
        text = "the series stands in the scrape more than once; Prometheus keeps one of the values"
        yield Flaw(rule="metrics.repeated", where=series, text=text)
