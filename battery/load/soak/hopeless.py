"""Hopeless: whether a gate's rule is lost already, whatever the rest of the run brings. Pure."""

import math
from collections.abc import Sequence

from battery.load.histogram import LatencyHistogram
from battery.load.tally import Cell, Tally
from battery.model.frozen import Frozen
from battery.model.gate import Rule
from battery.statistics import proportion_upper_bound

_TAIL = 0.01


class Hopeless(Frozen, frozen=True, kw_only=True):
    """The measure whose rule is lost, and why. It is all that a run which ends here may record."""

    measure: str
    why: str


class Outlook:
    """What the profile's rules allow, and how many requests may still come."""

    def __init__(
        self, rules: Sequence[Rule], name: str, slugs: Sequence[str], counted: frozenset[int]
    ) -> None:
        """`name` is what the profile's measures begin with; `slugs` are its endpoints', by their numbers.

        Only rules that many failures or slow answers can lose are looked at.
        """
        self._rules = [
            rule
            for rule in rules
            if rule.measure.startswith(f"{name}.") and rule.operator in ("<", "<=") and rule.bound != "lower"
        ]
        self._scopes = {name: None, **{f"{name}.{slug}": index for index, slug in enumerate(slugs) if slug}}
        self._counted = counted

    def hopeless(self, tallies: Sequence[Tally], total: float) -> Hopeless | None:
        """Which measure is lost and by what, all sittings together; None while each may still hold after `total` requests."""
        for rule in self._rules:
            scope, _, what = rule.measure.rpartition(".")
            if scope in self._scopes and (why := self._lost(rule, what, tallies, self._scopes[scope], total)):
                return Hopeless(measure=rule.measure, why=f"{rule.id} is lost: {why}")
        return None

    def _lost(
        self, rule: Rule, what: str, tallies: Sequence[Tally], endpoint: int | None, total: float
    ) -> str:
        cells = [
            cell
            for tally in tallies
            for (stage, which), cell in tally.cells.items()
            if stage in self._counted and endpoint in (None, which)
        ]
        finished = sum(cell.counts["ok"] + cell.counts["failed"] for cell in cells)
        if finished < max(rule.samples, 1):
            return ""
        most = max(total, finished)
        if math.isinf(most):
            return ""
        if what == "p99":
            return _too_slow(cells, rule.limit, most)
        return _too_many_failed(cells, rule, most) if what == "errors" else ""


def _too_slow(cells: Sequence[Cell], limit: float, total: float) -> str:
    slow = sum(_above(cell.response, limit) for cell in cells)
    if slow <= _TAIL * total + 1:
        return ""
    return f"{slow} requests took longer than {limit:g} ms, more than one in a hundred of all {total:.0f}"


def _too_many_failed(cells: Sequence[Cell], rule: Rule, total: float) -> str:
    failed = sum(cell.counts["failed"] for cell in cells)
    best = proportion_upper_bound(failed, int(total)) if rule.bound == "upper" else failed / total
    if best is None or best * 100 <= rule.limit:
        return ""
    named = "the bound" if rule.bound == "upper" else "the share"
    return f"{failed} requests failed; even if none of all {total:.0f} fails any more, {named} is {best:.2%}, allowed {rule.limit:g} %"


def _above(response: LatencyHistogram, limit: float) -> int:
    return sum(count for edge, count in response.pairs() if edge > limit * 1000)
