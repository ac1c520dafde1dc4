"""The text of a check: what became of each planned one, for every renderer."""

from typing import Literal

from battery.model.evidence import Evidence
from battery.model.frozen import Frozen
from battery.model.plan import PlannedCheck
from battery.model.run import Run
from battery.report.next_step import evidence_of
from battery.store import evidence_name

Outcome = Literal["measured", "invalid", "skipped", "errored", "missing", "left out", "unplanned"]
OUTCOME_MARKS: dict[Outcome, str] = {
    "measured": "✓",
    "invalid": "✗",
    "errored": "✗",
    "missing": "✗",
    "skipped": "?",
    "left out": "?",
    "unplanned": "?",
}


class CheckText(Frozen, frozen=True, kw_only=True):
    """What became of one check; `file` is relative to the run folder."""

    id: str
    title: str
    gates: tuple[str, ...]
    outcome: Outcome
    reason: str
    file: str
    evidence: Evidence | None


def check_texts(run: Run) -> tuple[CheckText, ...]:
    """Every planned check, those left out, and evidence that nobody planned."""
    planned = [_text(check, evidence_of(run, check.id)) for check in run.plan.checks]
    left_out = [_left_out(check) for check in run.plan.not_run]
    known = {check.id for check in (*run.plan.checks, *run.plan.not_run)}
    strangers = [_unplanned(item) for item in run.evidence if item.check not in known]
    return (*planned, *left_out, *strangers)


def _text(check: PlannedCheck, evidence: Evidence | None) -> CheckText:
    outcome, reason = _outcome(evidence)
    return CheckText(
        id=check.id,
        title=check.title,
        gates=check.gates,
        outcome=outcome,
        reason=reason,
        file=evidence_name(check.id) if evidence else "",
        evidence=evidence,
    )


def _outcome(evidence: Evidence | None) -> tuple[Outcome, str]:
    if evidence is None:
        return "missing", "planned and did not run"
    if evidence.status != "measured":
        return evidence.status, evidence.reason
    broken = [f"{proof.name}: {proof.detail}" for proof in evidence.proofs if not proof.ok]
    if broken:
        return "invalid", f"the instrument did not prove itself: {'; '.join(broken)}"
    return "measured", evidence.reason


def _left_out(check: PlannedCheck) -> CheckText:
    return CheckText(
        id=check.id,
        title=check.title,
        gates=check.gates,
        outcome="left out",
        reason="left out of this run (--only, --profiles)",
        file="",
        evidence=None,
    )


def _unplanned(evidence: Evidence) -> CheckText:
    return CheckText(
        id=evidence.check,
        title="",
        gates=evidence.gates,
        outcome="unplanned",
        reason="not in the plan: it decides nothing",
        file=evidence_name(evidence.check),
        evidence=evidence,
    )
