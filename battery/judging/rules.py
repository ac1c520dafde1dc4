"""One rule against all the evidence: pass, fail or undecided, and why."""

import msgspec

from battery.judging.absence import why_absent
from battery.judging.case import WORST_FIRST, Case
from battery.judging.comparison import holds
from battery.judging.doubt import counted, doubt, judged_value
from battery.model.evidence import Evidence
from battery.model.gate import Gate, Rule
from battery.model.measure import Measurement
from battery.model.verdict import RuleVerdict, Status
from battery.model.waiver import Waiver

__all__ = ["WORST_FIRST", "judge_rule"]


def judge_rule(case: Case, gate: Gate, rule: Rule, waiver: Waiver | None = None) -> RuleVerdict:
    """The worst verdict that any evidence gives; undecided when none does.

    A waiver excuses each failure by itself: what stands undecided beside it stays undecided.
    """
    verdicts = [
        _waived(_judge_measurement(case, rule, evidence, measurement), waiver)
        for evidence in case.evidence
        if evidence.status == "measured"
        for measurement in evidence.measures
        if measurement.name == rule.measure
    ]
    if not verdicts:
        return _verdict(rule, "undecided", why_absent(case, gate, rule))
    if rule.counts is not None and len(verdicts) > 1:
        verdicts.append(_waived(_judge_sum(case, rule), waiver))
    return min(verdicts, key=_badness)


def _judge_sum(case: Case, rule: Rule) -> RuleVerdict:
    """The findings of all checks together: a limit above none holds for the release, not for each scanner."""
    measured = [
        (item, measurement)
        for item in case.evidence
        if item.status == "measured"
        for measurement in item.measures
        if measurement.name == rule.measure and not doubt(case, rule, item, measurement)
    ]
    if not measured:
        return _verdict(rule, "undecided", f"no check that measures {rule.measure} is beyond doubt")
    worst, measurement = max(measured, key=lambda each: each[1].value)
    listed = [fingerprint for item, _ in measured for fingerprint in counted(rule, item)]
    excused = sum(fingerprint in case.excused for fingerprint in listed)
    value = sum(each.value for _, each in measured)
    alone = holds(value, rule.operator, rule.limit)
    passes = holds(value - excused, rule.operator, rule.limit)
    relation = "within" if alone else "not within"
    reason = (
        f"{rule.measure} = {_amount(rule, value)} over {len(measured)} checks: {relation} {rule.operator} {_amount(rule, rule.limit)}"
        + (f"; {excused} waived" if excused else "")
    )
    status: Status = "pass" if passes else "fail"
    return _verdict(rule, status, reason, worst, measurement, value=value, waived=passes and not alone)


def _badness(verdict: RuleVerdict) -> tuple[int, bool, float]:
    """Worst first: by status, then waived ones, then by how far the value goes the wrong way."""
    wrong_way = 0.0
    if verdict.value is not None:
        upward = {"<=": verdict.value, "<": verdict.value, "==": abs(verdict.value - verdict.limit)}
        wrong_way = upward.get(verdict.operator, -verdict.value)
    return WORST_FIRST.index(verdict.status), not verdict.waived, -wrong_way


def _judge_measurement(case: Case, rule: Rule, evidence: Evidence, measurement: Measurement) -> RuleVerdict:
    value = judged_value(rule, measurement)
    reason = doubt(case, rule, evidence, measurement)
    if reason or value is None:
        return _verdict(rule, "undecided", reason, evidence, measurement)
    excused = sum(fingerprint in case.excused for fingerprint in counted(rule, evidence))
    alone = holds(value, rule.operator, rule.limit)
    passes = holds(value - excused, rule.operator, rule.limit)
    if not passes and (why := _between(rule, measurement)):
        return _verdict(rule, "undecided", why, evidence, measurement)
    waived = passes and not alone
    reason = _reason(rule, measurement, value, within=alone)
    if excused:
        reason += f"; {excused} waived"
    status: Status = "pass" if passes else "fail"
    return _verdict(rule, status, reason, evidence, measurement, value=value, waived=waived)


def _between(rule: Rule, measurement: Measurement) -> str:
    """Why a measure whose bounds lie on both sides of the limit decides nothing; empty where the rule fails it."""
    lower, upper = measurement.lower, measurement.upper
    if rule.between == "fail" or lower is None or upper is None:
        return ""
    sides = {holds(bound, rule.operator, rule.limit) for bound in (lower, upper)}
    if len(sides) == 1:
        return ""
    return (
        f"{rule.measure} lies between {lower:g} and {_amount(rule, upper)}, on both sides of {rule.operator} {rule.limit:g}: "
        "too noisy or too short to tell; run longer, or on a quieter machine"
    )


def _waived(verdict: RuleVerdict, waiver: Waiver | None) -> RuleVerdict:
    """A failing verdict as the waiver leaves it; any other as it is."""
    if waiver is None or verdict.status != "fail":
        return verdict
    reason = f"{verdict.reason}; waived by {waiver.owner}: {waiver.reason}"
    return msgspec.structs.replace(verdict, status="pass", waived=True, reason=reason)


def _reason(rule: Rule, measurement: Measurement, value: float, *, within: bool) -> str:
    bound = "" if rule.bound == "value" else f" ({rule.bound} bound; measured {measurement.value:g})"
    samples = f", n = {measurement.n}" if measurement.n is not None else ""
    relation = "within" if within else "not within"
    limit = f"{relation} {rule.operator} {_amount(rule, rule.limit)}"
    return f"{rule.measure} = {_amount(rule, value)}{bound}{samples}: {limit}"


def _amount(rule: Rule, value: float) -> str:
    """A value with the rule's unit; a count has none."""
    return f"{value:g}" if rule.unit == "count" else f"{value:g} {rule.unit}"


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
        next_step="" if status == "pass" and not waived else rule.next_step,
    )
