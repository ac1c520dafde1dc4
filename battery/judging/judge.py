"""The judge: every gate's verdict, the run's result and its level."""

from collections.abc import Iterable
from datetime import datetime

from battery.judging.levels import best_level
from battery.judging.rules import WORST_FIRST, Case, judge_rule, waive
from battery.judging.waivers import active_waivers, waiver_uses
from battery.model.evidence import Evidence
from battery.model.gate import Gate
from battery.model.plan import Plan
from battery.model.verdict import GateVerdict, Judgement, Result, RuleVerdict, Status
from battery.model.waiver import Waiver, WaiverUse


def judge(plan: Plan, digest: str, evidence: Iterable[Evidence], now: datetime) -> Judgement:
    """All verdicts. `digest` is the plan's own; evidence of another plan decides nothing."""
    waivers = active_waivers(plan, now)
    items = tuple(evidence)
    excused = frozenset(waiver.finding for waiver in waivers if waiver.finding)
    case = Case(plan=plan, digest=digest, evidence=items, excused=excused)
    gates = tuple(_judge_gate(case, gate, waivers) for gate in plan.gates)
    uses = waiver_uses(plan, gates, items, now)
    level, reasons = best_level(plan.levels, gates, plan.mode, plan.intensity)
    return Judgement(
        gates=gates, result=overall(gates, uses), level=level, level_reasons=reasons, waivers=uses
    )


def overall(gates: Iterable[GateVerdict], waivers: Iterable[WaiverUse]) -> Result:
    """FAILED when a gate failed or a waiver has expired, PASSED when all of at least one gate passed, else UNDECIDED."""
    statuses = {gate.status for gate in gates}
    if "fail" in statuses or any(use.state == "expired" for use in waivers):
        return "FAILED"
    return "PASSED" if statuses == {"pass"} else "UNDECIDED"


def _judge_gate(case: Case, gate: Gate, waivers: tuple[Waiver, ...]) -> GateVerdict:
    rules = tuple(_with_waiver(judge_rule(case, gate, rule), gate.id, waivers) for rule in gate.rule)
    problems = tuple(_problems(case, gate.id))
    statuses: list[Status] = [rule.status for rule in rules]
    if problems:
        statuses.append("undecided")
    return GateVerdict(
        gate=gate.id,
        title=gate.title,
        status=min(statuses, key=WORST_FIRST.index),
        rules=rules,
        problems=problems,
    )


def _with_waiver(verdict: RuleVerdict, gate: str, waivers: tuple[Waiver, ...]) -> RuleVerdict:
    """A waiver excuses a failure; it never turns missing evidence into a pass."""
    if verdict.status != "fail":
        return verdict
    for waiver in waivers:
        if waiver.rule == f"{gate}:{verdict.rule}":
            return waive(verdict, waiver.owner, waiver.reason)
    return verdict


def _problems(case: Case, gate: str) -> Iterable[str]:
    for check in case.plan.checks:
        if gate not in check.gates:
            continue
        found = [item for item in case.evidence if item.check == check.id]
        if not found:
            yield f"check {check.id} was planned and did not run"
        for item in found:
            if item.status != "measured":
                yield f"check {check.id} {item.status}: {item.reason}"
            for proof in item.proofs:
                if not proof.ok:
                    yield f"check {check.id} is invalid: {proof.name}: {proof.detail}"
    for check in case.plan.not_run:
        if gate in check.gates:
            yield f"check {check.id} was left out of this run (--only, --profiles)"
