"""The gate: rules that judge measures, G1..G8; the level: which gates earn it."""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from battery.model.definition import INTENSITIES, Intensity
from battery.model.finding import Severity
from battery.model.frozen import Frozen
from battery.model.measure import MeasureName, Unit

GateId = Annotated[
    str, Meta(pattern=r"^G[1-9][0-9]{0,2}[a-z]?$(?!\n)", title="gate id", description='an id such as "G1"')
]
RuleId = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_.]{0,99}$(?!\n)",
        title="rule id",
        description='dotted lower-case words such as "load.p1.p99"',
    ),
]
Samples = Annotated[
    int, Meta(ge=0, le=1_000_000_000, title="samples", description="a whole number from 0 to 1000000000")
]
Operator = Literal["<=", "<", ">=", ">", "=="]
Bound = Literal["value", "upper", "lower"]
LevelId = Literal["gold", "silver", "bronze", "none"]


class Rule(Frozen, frozen=True, kw_only=True):
    """One comparison: which measure, at which bound, against which limit, and why.

    `between` is the verdict of a measure whose bounds lie on both sides of the limit: what cannot be told has not failed.
    """

    id: RuleId
    measure: MeasureName
    operator: Operator
    limit: float
    unit: Unit
    bound: Bound = "value"
    between: Literal["fail", "undecided"] = "fail"
    samples: Samples = 0
    counts: Severity | None = None
    from_intensity: Intensity = "smoke"
    why: str
    next_step: str

    def is_judged_at(self, intensity: Intensity) -> bool:
        """Whether runs of this intensity can say anything about it."""
        return INTENSITIES.index(self.from_intensity) <= INTENSITIES.index(intensity)


class Gate(Frozen, frozen=True, kw_only=True):
    """A named set of rules that must all hold."""

    id: GateId
    title: str
    why: str
    instrument: str
    rule: Annotated[tuple[Rule, ...], Meta(min_length=1)]


def judged_at(gates: Iterable[Gate], intensity: Intensity) -> tuple[Gate, ...]:
    """The gates with the rules that are judged at this intensity; a gate that would lose all of them keeps them."""
    return tuple(
        msgspec.structs.replace(
            gate, rule=tuple(rule for rule in gate.rule if rule.is_judged_at(intensity)) or gate.rule
        )
        for gate in gates
    )


class Level(Frozen, frozen=True, kw_only=True):
    """What a release must show to carry the level's name."""

    id: LevelId
    gates: Annotated[tuple[GateId, ...], Meta(min_length=1)]
    waivers: bool
    intensity: Intensity


class RuleChange(Frozen, frozen=True, kw_only=True):
    """A rule that differs from the shipped one; loosened says whether it lets more through."""

    rule: str
    shipped: str
    used: str
    loosened: bool
