"""How much each of the target's counts grew between two scrapes."""

from collections.abc import Iterable
from typing import Literal

from battery.model.frozen import Frozen
from battery.readiness.observability.metrics.exposition import Exposition, Family, Sample
from battery.readiness.observability.promql.selector import Selector

Kind = Literal["counter", "histogram"]


class Growth(Frozen, frozen=True, kw_only=True):
    """One count: by how much its series grew together, and whether one fell or vanished, as after a restart."""

    name: str
    kind: Kind
    grown: float
    fell: bool = False


def growths(before: Exposition, after: Exposition) -> tuple[Growth, ...]:
    """Of every counter, and of the count of every histogram and summary. New series began at 0."""
    found = []
    for family in after.families:
        if kind := _kind(family):
            suffixes = ("_count",) if kind == "histogram" else ("", "_total")
            names = [family.name + suffix for suffix in suffixes]
            found.append(_growth(family.name, kind, _named(before, names), _named(after, names)))
    return tuple(found)


def growth_of(selector: Selector, before: Exposition, after: Exposition) -> Growth | None:
    """Of the series that a selector chooses; none where it chooses none after the load."""
    chosen = [
        [sample for sample in one.samples if selector.accepts(sample.name, dict(sample.labels))]
        for one in (before, after)
    ]
    kind: Kind = "histogram" if selector.name.endswith("_count") else "counter"
    return _growth(str(selector), kind, *chosen) if chosen[1] else None


def _named(exposition: Exposition, names: Iterable[str]) -> list[Sample]:
    return [sample for name in names for sample in exposition.by_name.get(name, ())]


def _growth(name: str, kind: Kind, before: list[Sample], after: list[Sample]) -> Growth:
    earlier = {(sample.name, sample.labels): sample.value for sample in before}
    later = {(sample.name, sample.labels): sample.value for sample in after}
    steps = [value - earlier.get(key, 0.0) for key, value in later.items()]
    fell = any(not step >= 0 for step in steps) or not earlier.keys() <= later.keys()
    return Growth(name=name, kind=kind, grown=sum(steps), fell=fell)


def _kind(family: Family) -> Kind | None:
    """Nobody typed the series of some targets; what ends as a counter does is taken for one."""
    if family.kind in ("histogram", "summary"):
        return "histogram"
    untyped = not family.typed and family.name.endswith("_total")
    return "counter" if family.kind == "counter" or untyped else None
