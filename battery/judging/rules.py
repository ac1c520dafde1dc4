"""One rule against all the evidence: pass, fail or undecided, and why."""

import math
import operator
from collections.abc import Callable, Sequence

import msgspec

from battery.model.evidence import Evidence
from battery.model.frozen import Frozen
from battery.model.gate import Gate, Operator, Rule
from battery.model.measure import Measurement
from battery.model.plan import Plan, PlannedCheck
from battery.model.verdict import RuleVerdict, Status

WORST_FIRST: tuple[Status, ...] = ("fail", "undecided", "pass")
_COMPARE: dict[Operator, Callable[[float, float], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
}


class Case(Frozen, frozen=True, kw_only=True):
    """What judging looks at: the plan, its digest, all evidence, and the findings that waivers excuse."""

    plan: Plan
    digest: str
    evidence: tuple[Evidence, ...]
    excused: frozenset[str]


def judge_rule(case: Case, gate: Gate, rule: Rule) -> RuleVerdict:
    """The worst verdict that any evidence gives; undecided when none does."""
    verdicts = [
        _judge_measurement(case, rule, evidence, measurement)
        for evidence in case.evidence
        if evidence.status == "measured"
        for measurement in evidence.measures
        if measurement.name == rule.measure
    ]
    if not verdicts:
        return _verdict(rule, "undecided", _why_absent(case, gate, rule))
    return min(verdicts, key=lambda verdict: WORST_FIRST.index(verdict.status))


def _judge_measurement(case: Case, rule: Rule, evidence: Evidence, measurement: Measurement) -> RuleVerdict:
    excused = _excused(case, rule, evidence)
    value = _judged_value(rule, measurement)
    doubt = _doubt(case, rule, evidence, measurement)
    if doubt or value is None:
        reason = doubt or f"{rule.measure} has no {rule.bound} bound: too few samples (n = {measurement.n})"
        return _verdict(rule, "undecided", reason, evidence, measurement)
    holds = _COMPARE[rule.operator](value - excused, rule.limit)
    waived = holds and excused > 0 and not _COMPARE[rule.operator](value, rule.limit)
    reason = _reason(rule, measurement, value, holds=holds)
    if waived:
        reason += f"; {excused} waived"
    return _verdict(
        rule, "pass" if holds else "fail", reason, evidence, measurement, value=value, waived=waived
    )


def _doubt(case: Case, rule: Rule, evidence: Evidence, measurement: Measurement) -> str:
    """Why the measurement decides nothing; empty when it may be judged."""
    if evidence.mode != case.plan.mode:
        return f"{evidence.mode} evidence in a {case.plan.mode} run"
    if evidence.plan != case.digest:
        return "the evidence belongs to another plan"
    if not any(check.id == evidence.check and rule.measure in check.measures for check in case.plan.checks):
        return f"check {evidence.check} was not planned to measure {rule.measure}"
    for proof in evidence.proofs:
        if not proof.ok:
            return f"the instrument did not prove itself: {proof.name}: {proof.detail}"
    numbers = (measurement.value, measurement.lower, measurement.upper)
    if any(number is not None and not math.isfinite(number) for number in numbers):
        return f"{rule.measure} is not a finite number"
    if rule.samples and (measurement.n or 0) < rule.samples:
        return f"not enough samples: n = {measurement.n or 0}, the rule needs {rule.samples}"
    if rule.counts is not None and measurement.value != len(_counted(rule, evidence)):
        return f"{measurement.value:g} findings counted, {len(_counted(rule, evidence))} listed"
    return ""


def _counted(rule: Rule, evidence: Evidence) -> list[str]:
    return [finding.fingerprint for finding in evidence.findings if finding.severity == rule.counts]


def _excused(case: Case, rule: Rule, evidence: Evidence) -> int:
    return sum(fingerprint in case.excused for fingerprint in _counted(rule, evidence)) if rule.counts else 0


def _judged_value(rule: Rule, measurement: Measurement) -> float | None:
    by_bound = {"value": measurement.value, "upper": measurement.upper, "lower": measurement.lower}
    return by_bound[rule.bound]


def _reason(rule: Rule, measurement: Measurement, value: float, *, holds: bool) -> str:
    bound = "" if rule.bound == "value" else f" ({rule.bound} bound; measured {measurement.value:g})"
    samples = f", n = {measurement.n}" if measurement.n is not None else ""
    relation = "within" if holds else "not within"
    return f"{rule.measure} = {value:g} {rule.unit}{bound}{samples}: {relation} {rule.operator} {rule.limit:g} {rule.unit}"


def _why_absent(case: Case, gate: Gate, rule: Rule) -> str:
    def promises(check: PlannedCheck) -> bool:
        return rule.measure in check.measures

    planned = [check for check in case.plan.checks if promises(check)]
    if planned:
        return "; ".join(_what_became(case.evidence, check.id) for check in planned)
    left_out = [check.id for check in case.plan.not_run if promises(check)]
    if left_out:
        return f"left out of this run (--only, --profiles): {', '.join(left_out)}"
    return f"no check measures {rule.measure}: this version has no {gate.instrument} instrument for it"


def _what_became(evidence: Sequence[Evidence], check: str) -> str:
    found = [item for item in evidence if item.check == check]
    if not found:
        return f"check {check} was planned and did not run"
    last = found[-1]
    if last.status == "measured":
        return f"check {check} ran and did not record it"
    return f"check {check} {last.status}: {last.reason}"


def _verdict(
    rule: Rule,
    status: Status,
    reason: str,
    evidence: Evidence | None = None,
    measurement: Measurement | None = None,
    value: float | None = None,
    *,
    waived: bool = False,
) -> RuleVerdict:
    return RuleVerdict(
        rule=rule.id,
        measure=rule.measure,
        operator=rule.operator,
        limit=rule.limit,
        unit=rule.unit,
        bound=rule.bound,
        samples=rule.samples,
        counts=rule.counts,
        value=value,
        n=measurement.n if measurement else None,
        status=status,
        waived=waived,
        reason=reason,
        evidence=evidence.check if evidence else "",
        next_step="" if status == "pass" else rule.next_step,
    )


def waive(verdict: RuleVerdict, owner: str, why: str) -> RuleVerdict:
    """The failing verdict as a waiver leaves it."""
    reason = f"{verdict.reason}; waived by {owner}: {why}"
    return msgspec.structs.replace(verdict, status="pass", waived=True, reason=reason)
