"""Which of the series that expressions name a live target has: there, announced but empty so far, or absent."""

from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum

from battery.model.frozen import Frozen
from battery.readiness.observability.metrics.exposition import Exposition
from battery.readiness.observability.promql.selector import Selector

# Prometheus writes these itself, for every target.
OWN_SERIES = {
    "up",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
    "ALERTS",
    "ALERTS_FOR_STATE",
}
_PARTS = {
    "counter": ("", "_total", "_created"),
    "histogram": ("_bucket", "_count", "_sum", "_created"),
    "gaugehistogram": ("_bucket", "_gcount", "_gsum"),
    "summary": ("", "_count", "_sum", "_created"),
    "info": ("", "_info"),
}


class State(StrEnum):
    """What the target has of a selector."""

    PRESENT = "present"
    UNINITIALISED = "uninitialised"
    ABSENT = "absent"


class Presence(Frozen, frozen=True, kw_only=True):
    """One selector, its state, and why."""

    selector: str
    state: State
    why: str


def presence_of(
    selectors: Iterable[Selector], exposition: Exposition, recorded: Collection[str] = ()
) -> tuple[Presence, ...]:
    """Each selector once; `recorded` are the names that recording rules make."""
    announced = {name for family in exposition.families for name in _names(family.name, family.kind)}
    return tuple(
        _presence(selector, exposition, announced, frozenset(recorded))
        for selector in dict.fromkeys(selectors)
    )


def _presence(
    selector: Selector, exposition: Exposition, announced: set[str], recorded: frozenset[str]
) -> Presence:
    state, why = _judged(selector, exposition, announced, recorded)
    return Presence(selector=str(selector), state=state, why=why)


def _judged(
    selector: Selector, exposition: Exposition, announced: set[str], recorded: frozenset[str]
) -> tuple[State, str]:
    name = selector.name
    if name in OWN_SERIES:
        return State.PRESENT, "Prometheus writes it itself"
    if name in recorded:
        return State.PRESENT, "a recording rule makes it"
    candidates = exposition.by_name.get(name, ()) if name else tuple(exposition.samples)
    if any(selector.accepts(sample.name, dict(sample.labels)) for sample in candidates):
        return State.PRESENT, "the target has it"
    if not name:
        return State.ABSENT, "no series of the target has these labels"
    if candidates:
        return State.UNINITIALISED, "the target has the metric, so far without these labels"
    if name in announced:
        return State.UNINITIALISED, "the target announces the metric, so far without a series"
    return State.ABSENT, "the target has no such metric"


def _names(name: str, kind: str) -> Iterator[str]:
    yield from (name + suffix for suffix in _PARTS.get(kind, ("",)))
