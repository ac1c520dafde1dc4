"""The truth test: do the target's own counts agree with what the battery sent?

Two scrapes around a load, and the load's ledger: a target whose counter misses requests has dashboards that lie. How
far apart the two may be is for a gate to judge.
"""

from typing import Annotated, Literal

from msgspec import Meta

from battery.model.frozen import Frozen
from battery.readiness.observability.metrics.choosing import Choice, choose
from battery.readiness.observability.metrics.exposition import Exposition
from battery.readiness.observability.metrics.growth import Growth, Kind, growth_of, growths
from battery.readiness.observability.promql.expression import ExpressionInvalid, parse_expression

_Count = Annotated[int, Meta(ge=0)]


class SentLoad(Frozen, frozen=True, kw_only=True):
    """What the battery knows: requests sent, how they ended, and how many latencies it has of them.

    `beside` are requests outside of the ledger that the target counts too: scrapes, probes, warm-up.
    """

    sent: _Count
    ok: _Count
    failed: _Count
    latencies: _Count
    beside: _Count = 0

    def imbalance(self) -> str:
        """Why the ledger cannot be compared with; empty when it can."""
        if self.sent == 0:
            return "the battery sent no request"
        if self.sent != self.ok + self.failed:
            return f"the ledger does not add up: sent {self.sent} != ok {self.ok} + failed {self.failed}"
        return ""


class Comparison(Frozen, frozen=True, kw_only=True):
    """One of the target's counts beside the battery's. Without a difference it is unknown, and `why` tells the reason."""

    kind: Kind
    expected: int
    name: str = ""
    counted: float | None = None
    percent: float | None = None
    why: str
    others: tuple[str, ...] = ()


class Truth(Frozen, frozen=True, kw_only=True):
    """The request counter and the latency histogram, each beside the ledger."""

    counter: Comparison
    histogram: Comparison

    @property
    def worst(self) -> float | None:
        """The larger difference in percent; unknown when either is."""
        percents = (self.counter.percent, self.histogram.percent)
        return None if None in percents else max(told for told in percents if told is not None)


def truth_of(
    before: Exposition, after: Exposition, load: SentLoad, *, counter: str = "", histogram: str = ""
) -> Truth:
    """Compare; `counter` and `histogram` are the selectors that battery.toml names, if it does."""
    every = growths(before, after)
    compared = {}
    kinds: tuple[tuple[Literal["counter", "histogram"], str, int], ...] = (
        ("counter", counter, load.sent),
        ("histogram", histogram, load.latencies),
    )
    for kind, wanted, told in kinds:
        expected = told + load.beside
        own = [growth for growth in every if growth.kind == kind]
        choice = _named(wanted, kind, before, after) if wanted else choose(own, expected)
        compared[kind] = _compared(choice, kind, expected, load.imbalance())
    return Truth(counter=compared["counter"], histogram=compared["histogram"])


def _named(wanted: str, kind: Kind, before: Exposition, after: Exposition) -> Choice:
    try:
        selectors = parse_expression(wanted).selectors
    except ExpressionInvalid as error:
        return Choice(growth=None, why=f"battery.toml names no series: {error}")
    if len(selectors) != 1:
        return Choice(growth=None, why=f"battery.toml names {wanted!r}, expected one series")
    selector = selectors[0]
    for name in (selector.name, f"{selector.name}_count") if kind == "histogram" else (selector.name,):
        growth = growth_of(type(selector)(name=name, matchers=selector.matchers), before, after)
        if growth:
            return Choice(growth=growth, why="battery.toml names it")
    return Choice(growth=None, why=f"battery.toml names {selector}, which the target does not expose")


def _compared(choice: Choice, kind: Kind, expected: int, imbalance: str) -> Comparison:
    growth = choice.growth
    trouble = imbalance or _trouble(growth, expected)
    if growth is None or trouble:
        why = "; ".join(part for part in (trouble, choice.why) if part)
        return Comparison(kind=kind, expected=expected, why=why, name=growth.name if growth else "")
    return Comparison(
        kind=kind,
        expected=expected,
        name=growth.name,
        counted=growth.grown,
        percent=100 * abs(growth.grown - expected) / expected,
        why=choice.why,
        others=choice.others,
    )


def _trouble(growth: Growth | None, expected: int) -> str:
    if expected == 0:
        return "the battery has nothing to compare with"
    if growth and growth.fell:
        return f"{growth.name} fell or lost series meanwhile: the target restarted, or several processes answer in turn"
    return ""
