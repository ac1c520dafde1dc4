"""Doubt: why a measurement decides nothing."""

import math

from battery.judging.case import Case
from battery.judging.comparison import holds
from battery.model.evidence import Evidence
from battery.model.gate import Rule
from battery.model.measure import Measurement

_NEVER_NEGATIVE = ("%", "ms", "s", "count", "MiB", "1/s")


def doubt(case: Case, rule: Rule, evidence: Evidence, measurement: Measurement) -> str:
    """Why the measurement decides nothing; empty when it may be judged."""
    if foreign := case.foreign(evidence):
        return foreign
    if not any(check.id == evidence.check and rule.measure in check.measures for check in case.plan.checks):
        return f"check {evidence.check} was not planned to measure {rule.measure}"
    for proof in evidence.proofs:
        if not proof.ok:
            return f"the instrument did not prove itself: {proof.name}: {proof.detail}"
    return _about_numbers(rule, measurement) or _about_findings(rule, evidence, measurement)


def counted(rule: Rule, evidence: Evidence) -> list[str]:
    """The fingerprints of the findings that the rule counts."""
    if rule.counts is None:
        return []
    return [finding.fingerprint for finding in evidence.findings if finding.severity == rule.counts]


def judged_value(rule: Rule, measurement: Measurement) -> float | None:
    """The value at the bound that the rule judges."""
    by_bound = {"value": measurement.value, "upper": measurement.upper, "lower": measurement.lower}
    value = by_bound[rule.bound]
    return _least(rule, measurement) if value is None else value


def _least(rule: Rule, measurement: Measurement) -> float | None:
    """The lower bound where the upper one is not known and the lower one is beyond the limit already."""
    at_most = rule.bound == "upper" and rule.operator in ("<=", "<")
    if not at_most or measurement.lower is None or holds(measurement.lower, rule.operator, rule.limit):
        return None
    return measurement.lower


def _about_numbers(rule: Rule, measurement: Measurement) -> str:
    given = (measurement.value, measurement.lower, measurement.upper, rule.limit)
    numbers = [number for number in given if number is not None]
    if not all(math.isfinite(number) for number in numbers):
        return f"{rule.measure} or its limit is not a finite number"
    if rule.unit in _NEVER_NEGATIVE and measurement.value < 0:
        return f"{rule.measure} = {measurement.value:g} {rule.unit} is impossible"
    if rule.unit == "%" and measurement.value > 100:
        return f"{rule.measure} = {measurement.value:g} % is impossible"
    if _below(measurement.upper, measurement.value) or _below(measurement.value, measurement.lower):
        return f"{rule.measure} does not lie within its own bounds"
    if measurement.n is not None and measurement.n <= 0:
        return f"nothing was sampled: n = {measurement.n}"
    if rule.samples and (measurement.n or 0) < rule.samples:
        return f"not enough samples: n = {measurement.n or 0}, the rule needs {rule.samples}"
    if judged_value(rule, measurement) is None:
        return f"{rule.measure} has no {rule.bound} bound: too few samples (n = {measurement.n})"
    return ""


def _about_findings(rule: Rule, evidence: Evidence, measurement: Measurement) -> str:
    listed = len(counted(rule, evidence))
    if rule.counts is not None and measurement.value != listed:
        return f"{measurement.value:g} findings counted, {listed} listed"
    return ""


def _below(small: float | None, large: float | None) -> bool:
    """Whether the one is smaller than the other by more than rounding."""
    if small is None or large is None:
        return False
    return small < large and not math.isclose(small, large, rel_tol=1e-9, abs_tol=1e-9)
