"""The case: everything that judging looks at."""

import json

import msgspec

from battery.model.evidence import Evidence
from battery.model.frozen import Frozen
from battery.model.plan import Plan
from battery.model.verdict import Status

WORST_FIRST: tuple[Status, ...] = ("fail", "undecided", "pass")


class Case(Frozen, frozen=True, kw_only=True):
    """The plan, its digest, all evidence in one order, and the findings that waivers excuse."""

    plan: Plan
    digest: str
    evidence: tuple[Evidence, ...]
    excused: frozenset[str]

    def of(self, check: str) -> tuple[Evidence, ...]:
        """What the check left, be it usable or not."""
        return tuple(item for item in self.evidence if item.check == check)

    def foreign(self, evidence: Evidence) -> str:
        """Why the evidence does not belong to this run; empty when it does."""
        if evidence.mode != self.plan.mode:
            return f"{evidence.mode} evidence in a {self.plan.mode} run"
        return "" if evidence.plan == self.digest else "the evidence belongs to another plan"


def in_one_order(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The evidence in an order that its content alone decides, so that the same evidence gets the same verdict."""

    def content(item: Evidence) -> tuple[str, str]:
        # json spells what msgspec refuses: lone surrogates, as file names can hold them, and NaN.
        return item.check, json.dumps(msgspec.to_builtins(item), sort_keys=True)

    return tuple(sorted(evidence, key=content))
