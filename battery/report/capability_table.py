"""The capability matrix of a run: its rows, their marks and their reasons, for every renderer."""

from battery.model.frozen import Frozen
from battery.model.run import Run
from battery.model.verdict import Status as Badge
from battery.readiness.capabilities.capability import Capability, Status
from battery.readiness.capabilities.recorded import recorded_matrix

_BADGES: dict[Status, Badge] = {
    Status.COMPLETE: "pass",
    Status.PARTIAL: "undecided",
    Status.MISSING: "fail",
}
_MARKS: dict[Status, str] = {Status.COMPLETE: "✓", Status.PARTIAL: "~", Status.MISSING: "✗"}
HEAD = ("capability", "status", "what keeps it from being complete")


class CapabilityText(Frozen, frozen=True, kw_only=True):
    """One row; `badge` is the verdict whose colour it wears, and no verdict."""

    title: str
    status: str
    mark: str
    badge: Badge
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        """All reasons in one line."""
        return "; ".join(self.reasons) or "every aspect was seen to hold"


def capability_texts(run: Run) -> tuple[CapabilityText, ...]:
    """The eight rows; none where no check of the run looked at capabilities."""
    return tuple(map(_text, recorded_matrix(run.evidence)))


def capability_sentence(rows: tuple[CapabilityText, ...]) -> str:
    """How many of them are complete: "6 of 8 capabilities complete"."""
    complete = sum(row.status == Status.COMPLETE for row in rows)
    return f"{complete} of {len(rows)} capabilities complete"


def _text(row: Capability) -> CapabilityText:
    return CapabilityText(
        title=row.title,
        status=row.status.value,
        mark=_MARKS[row.status],
        badge=_BADGES[row.status],
        reasons=row.reasons,
    )
