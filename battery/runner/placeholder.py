"""Placeholder evidence: what a baseline run records instead of measuring, marked as such everywhere."""

from battery.model.finding import Finding
from battery.model.gate import Gate, Rule
from battery.model.plan import Plan, PlannedCheck, Scenario
from battery.recording import Record


def record_placeholder(record: Record, plan: Plan, check: PlannedCheck) -> None:
    """A value for each promised measure that lets its rule pass, or fail in the failing scenario."""
    record.fact("placeholder", "BASELINE: nothing was measured")
    record.proof("placeholder", True, "BASELINE: no instrument was used")
    for measure in check.measures:
        rule = _rule_for(plan.gates, measure)
        if rule is None:
            record.measure(measure, 0.0, n=1, note="BASELINE placeholder")
            continue
        value = placeholder_value(rule, plan.scenario)
        for number in range(int(value) if rule.counts else 0):
            record.finding(_finding(rule, number))
        record.measure(
            measure, value, lower=value, upper=value, n=max(rule.samples, 1), note="BASELINE placeholder"
        )


def placeholder_value(rule: Rule, scenario: Scenario) -> float:
    """A value well inside the rule's limit, or well outside."""
    inside = scenario == "passing"
    if rule.operator in ("<=", "<"):
        return rule.limit / 2 if inside else rule.limit * 2 + 1
    if rule.operator in (">=", ">"):
        return rule.limit + 1 if inside else rule.limit / 2 - 1
    return rule.limit if inside else rule.limit + 1


def _rule_for(gates: tuple[Gate, ...], measure: str) -> Rule | None:
    return next((rule for gate in gates for rule in gate.rule if rule.measure == measure), None)


def _finding(rule: Rule, number: int) -> Finding:
    return Finding(
        rule="baseline.placeholder",
        severity=rule.counts or "info",
        title="BASELINE placeholder finding",
        location=f"baseline:{number}",
        fingerprint=f"baseline-{rule.id}-{number}",
    )
