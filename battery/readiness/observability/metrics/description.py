"""HELP and TYPE: without the one nobody knows what a metric means, without the other nothing can be computed from it."""

from collections import Counter
from collections.abc import Iterable, Iterator

from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.metrics.exposition import Family


def description_flaws(families: Iterable[Family]) -> Iterator[Flaw]:
    """Families without HELP or TYPE, and families that are told in two places."""
    everything = tuple(families)
    for family in everything:
        if not family.typed:
            text = "it has no TYPE: say whether it is a counter, a gauge, a histogram or a summary"
            yield Flaw(rule="metrics.type", where=family.name, text=text)
        if not family.help.strip():
            text = "it has no HELP: say what it counts"
            yield Flaw(rule="metrics.help", where=family.name, text=text, weight="warning")
    for name, times in Counter(family.name for family in everything).items():
        if times > 1:
            text = f"its series stand in {times} places; the format wants them together, after HELP and TYPE"
            yield Flaw(rule="metrics.scattered", where=name, text=text)
