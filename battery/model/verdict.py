"""The verdict: what a gate concluded, rule by rule, with the reason for each."""

from typing import Literal

from battery.model.finding import Severity
from battery.model.frozen import Frozen
from battery.model.gate import Bound, LevelId, Operator
from battery.model.measure import Unit
from battery.model.waiver import WaiverUse

Status = Literal["pass", "fail", "undecided"]
Result = Literal["PASSED", "FAILED", "UNDECIDED"]


class RuleVerdict(Frozen, frozen=True, kw_only=True):
    """One rule's outcome: the value that was judged, against which limit, from which evidence."""

    rule: str
    measure: str
    operator: Operator
    limit: float
    unit: Unit
    bound: Bound
    samples: int = 0
    counts: Severity | None = None
    value: float | None
    n: int | None
    status: Status
    waived: bool
    reason: str
    evidence: str
    next_step: str


class GateVerdict(Frozen, frozen=True, kw_only=True):
    """One gate's outcome; `problems` name checks that did not deliver."""

    gate: str
    title: str
    status: Status
    rules: tuple[RuleVerdict, ...]
    problems: tuple[str, ...] = ()


class Judgement(Frozen, frozen=True, kw_only=True):
    """All verdicts of a run, its result and its level."""

    gates: tuple[GateVerdict, ...]
    result: Result
    level: LevelId
    level_reasons: tuple[str, ...]
    waivers: tuple[WaiverUse, ...] = ()
