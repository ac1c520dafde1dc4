"""The judge: every gate's verdict, the run's result and its level."""

from collections.abc import Iterable
from datetime import datetime

from battery.judging.absence import problems
from battery.judging.case import WORST_FIRST, Case, in_one_order
from battery.judging.levels import best_level
from battery.judging.rules import judge_rule
from battery.judging.waivers import active_waivers, waiver_uses
from battery.model.evidence import Evidence
from battery.model.gate import Gate
from battery.model.plan import Plan
from battery.model.verdict import GateVerdict, Judgement, Result, Status
from battery.model.waiver import Waiver, WaiverUse


def judge(plan: Plan, digest: str, evidence: Iterable[Evidence], now: datetime) -> Judgement:
    """All verdicts. `digest` is the plan's own; evidence of another plan decides nothing."""
    waivers = active_waivers(plan, now)
    items = in_one_order(tuple(evidence))
    excused = frozenset(waiver.finding for waiver in waivers if waiver.finding)
    case = Case(plan=plan, digest=digest, evidence=items, excused=excused)
    gates = tuple(_judge_gate(case, gate, waivers) for gate in plan.gates)
    uses = waiver_uses(case, gates, now)
    level, reasons = best_level(plan.levels, gates, plan.mode, plan.intensity)
    expired = [use.waiver.name for use in uses if use.state == "expired"]
    if expired:
        level, reasons = "none", (f"no level: the waiver for {', '.join(expired)} has expired",)
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
    by_rule = {waiver.rule: waiver for waiver in reversed(waivers)}
    rules = tuple(judge_rule(case, gate, rule, by_rule.get(f"{gate.id}:{rule.id}")) for rule in gate.rule)
    lacking = tuple(problems(case, gate))
    statuses: list[Status] = [rule.status for rule in rules]
    if lacking or not rules:
        statuses.append("undecided")
    return GateVerdict(
        gate=gate.id,
        title=gate.title,
        status=min(statuses, key=WORST_FIRST.index),
        rules=rules,
        problems=lacking,
    )
