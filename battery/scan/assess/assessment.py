"""The assessment: each rule's row, whether it may block a release, and the whole as JSON."""

from typing import Literal

import msgspec

from battery.model.finding import Severity
from battery.model.frozen import Frozen
from battery.scan.assess.case import Sizes
from battery.scan.assess.scoring import Score
from battery.scan.rules import ScanRule
from battery.statistics import Proportion

# Three alarms of four have to be true, and the corpus has to be large enough to show it: below that, a stop of a release
# is as likely to cost trust in the gate as to prevent harm. Twelve right of twelve are the fewest that show so much.
FLOOR = 0.75
BLOCKING: tuple[Severity, ...] = ("critical", "high")

Standing = Literal["blocks", "below floor", "informs"]


class Row(Frozen, frozen=True, kw_only=True):
    """One rule. Bounds hold with 95 % each; `precision` is None when the rule never fired."""

    rule: str
    severity: Severity
    positives: int
    found: int
    negatives: int
    false_alarms: int
    precision: Proportion | None
    recall: Proportion | None
    standing: Standing
    missed: tuple[str, ...] = ()
    mistaken: tuple[str, ...] = ()

    @property
    def blocking(self) -> bool:
        """Whether its findings may stop a release."""
        return self.standing == "blocks"


class Unassessed(Frozen, frozen=True, kw_only=True):
    """A rule without cases, and why."""

    rule: str
    severity: Severity
    reason: str


class Assessment(Frozen, frozen=True, kw_only=True):
    """Every rule that the battery has, measured or with the reason why not. The same seed and sizes give the same cases."""

    seed: int
    sizes: Sizes
    floor: float
    rows: tuple[Row, ...]
    unassessed: tuple[Unassessed, ...]

    @property
    def cases(self) -> int:
        """How many judgements the rows rest on."""
        return sum(row.positives + row.negatives for row in self.rows)

    @property
    def below_floor(self) -> tuple[Row, ...]:
        """The rules whose severity would block and whose precision does not allow it."""
        return tuple(row for row in self.rows if row.standing == "below floor")


def row_of(rule: ScanRule, score: Score, floor: float = FLOOR) -> Row:
    """The row of a rule."""
    return Row(
        rule=rule.id,
        severity=rule.severity,
        positives=score.positives,
        found=score.found,
        negatives=score.negatives,
        false_alarms=score.false_alarms,
        precision=score.precision,
        recall=score.recall,
        standing=standing_of(rule.severity, score.precision, floor),
        missed=score.missed,
        mistaken=score.mistaken,
    )


def standing_of(severity: Severity, precision: Proportion | None, floor: float) -> Standing:
    """Whether findings of this severity may stop a release: only where their precision is above the floor for certain."""
    if severity not in BLOCKING:
        return "informs"
    return "blocks" if precision is not None and precision.lower > floor else "below floor"


def as_json(assessment: Assessment) -> bytes:
    """The whole as JSON, one line."""
    return msgspec.json.encode(assessment) + b"\n"
