"""Names and units: what Prometheus's own conventions ask, so that a stranger reads a metric right."""

import re
from collections.abc import Iterable, Iterator

from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.metrics.exposition import Family

# The scaled unit, and the base unit that dashboards and alerts of others expect.
_SCALED = {
    "ms": "seconds",
    "millis": "seconds",
    "milliseconds": "seconds",
    "us": "seconds",
    "microseconds": "seconds",
    "ns": "seconds",
    "nanoseconds": "seconds",
    "minutes": "seconds",
    "hours": "seconds",
    "days": "seconds",
    "kb": "bytes",
    "mb": "bytes",
    "kilobytes": "bytes",
    "megabytes": "bytes",
    "gigabytes": "bytes",
    "percent": "ratio",
    "percentage": "ratio",
}
_SNAKE = re.compile(r"[a-z_][a-z0-9_]*\Z")


def name_flaws(families: Iterable[Family]) -> Iterator[Flaw]:
    """Names against the conventions; all of them warnings, for a name breaks nothing."""
    for family in families:
        for text in _troubles(family):
            yield Flaw(rule="metrics.name", where=family.name, text=text, weight="warning")


def _troubles(family: Family) -> Iterator[str]:
    name = family.name
    if ":" in name:
        yield "a colon is for the names of recording rules"
    elif not _SNAKE.match(name):
        yield "names are lower case with underscores"
    if family.kind == "counter" and not all(s.name.endswith("_total") for s in family.counting):
        yield "the name of a counter ends with _total"
    if family.kind == "gauge" and name.endswith("_total"):
        yield "_total is for counters, and this is a gauge"
    words = name.removesuffix("_total").split("_")
    scaled = next((word for word in words[-1:] if word in _SCALED), "")
    if scaled:
        yield f"count in {_SCALED[scaled]}, not in {scaled}"
    if family.unit and not name.removesuffix("_total").endswith(f"_{family.unit}"):
        yield f"its unit is {family.unit} and its name does not end so"
