"""Waivers in a run: which apply, and what became of each."""

from collections.abc import Sequence
from datetime import datetime

from battery.judging.case import Case
from battery.model.plan import Plan
from battery.model.verdict import GateVerdict
from battery.model.waiver import Waiver, WaiverUse


def active_waivers(plan: Plan, now: datetime) -> tuple[Waiver, ...]:
    """The waivers that have not expired and speak about this subject."""
    return tuple(waiver for waiver in plan.waivers if waiver.expires > now and _fits(waiver, plan))


def waiver_uses(case: Case, gates: Sequence[GateVerdict], now: datetime) -> tuple[WaiverUse, ...]:
    """What became of each waiver: applied, unused, expired, or for another subject."""
    judged = [(gate.gate, rule) for gate in gates for rule in gate.rules]
    rules = {f"{gate}:{rule.rule}" for gate, rule in judged if rule.waived}
    # Where another finding fails the rule, or nobody can tell, a finding that is excused stays so.
    severities = {rule.counts for _, rule in judged if rule.counts and (rule.waived or rule.status != "pass")}
    findings = {
        finding.fingerprint
        for item in case.evidence
        if item.status == "measured" and not case.foreign(item)
        for finding in item.findings
        if finding.severity in severities
    }
    return tuple(_use(waiver, case.plan, rules | findings, now) for waiver in case.plan.waivers)


def _use(waiver: Waiver, plan: Plan, excused: set[str], now: datetime) -> WaiverUse:
    if waiver.expires <= now:
        return WaiverUse(waiver=waiver, state="expired", detail=f"expired at {waiver.expires.isoformat()}")
    if not _fits(waiver, plan):
        return WaiverUse(waiver=waiver, state="unused", detail=f"speaks about subject {waiver.subject}")
    if waiver.name in excused:
        return WaiverUse(waiver=waiver, state="applied", detail=waiver.reason)
    return WaiverUse(waiver=waiver, state="unused", detail="nothing fails that it would excuse; remove it")


def _fits(waiver: Waiver, plan: Plan) -> bool:
    return not waiver.subject or waiver.subject.removeprefix("sha256:") == plan.subject.sha256
