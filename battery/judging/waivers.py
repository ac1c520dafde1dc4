"""Waivers in a run: which apply, and what became of each."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from battery.model.evidence import Evidence
from battery.model.plan import Plan
from battery.model.verdict import GateVerdict
from battery.model.waiver import Waiver, WaiverUse


def active_waivers(plan: Plan, now: datetime) -> tuple[Waiver, ...]:
    """The waivers that have not expired and speak about this subject."""
    return tuple(waiver for waiver in plan.waivers if waiver.expires > now and _fits(waiver, plan))


def waiver_uses(
    plan: Plan, gates: Sequence[GateVerdict], evidence: Iterable[Evidence], now: datetime
) -> tuple[WaiverUse, ...]:
    """What became of each waiver: applied, unused, expired, or for another subject."""
    waived = {f"{gate.gate}:{rule.rule}" for gate in gates for rule in gate.rules if rule.waived}
    found = {finding.fingerprint for item in evidence for finding in item.findings}
    return tuple(_use(waiver, plan, waived, found, now) for waiver in plan.waivers)


def _use(waiver: Waiver, plan: Plan, waived: set[str], found: set[str], now: datetime) -> WaiverUse:
    if waiver.expires <= now:
        return WaiverUse(waiver=waiver, state="expired", detail=f"expired at {waiver.expires.isoformat()}")
    if not _fits(waiver, plan):
        return WaiverUse(waiver=waiver, state="unused", detail=f"speaks about subject {waiver.subject}")
    if waiver.rule in waived or waiver.finding in found:
        return WaiverUse(waiver=waiver, state="applied", detail=waiver.reason)
    return WaiverUse(waiver=waiver, state="unused", detail="nothing fails that it would excuse; remove it")


def _fits(waiver: Waiver, plan: Plan) -> bool:
    return not waiver.subject or waiver.subject.removeprefix("sha256:") == plan.subject.sha256
