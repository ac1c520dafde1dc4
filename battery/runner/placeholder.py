"""Placeholder evidence: what a baseline run records instead of measuring, marked as such everywhere."""

import math
from collections.abc import Sequence

import pytest

from battery.judging.comparison import holds
from battery.model.finding import Finding
from battery.model.gate import Gate, Rule
from battery.model.plan import Plan, PlannedCheck, Scenario
from battery.recording import Record
from battery.runner.fixtures import Fixtures

_NOTE = "BASELINE placeholder"


class PlaceholderItem(pytest.Item):
    """Stands in for a planned check in a baseline run."""

    def __init__(self, *, plan: Plan, check: PlannedCheck, fixtures: Fixtures, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type] # pytest's own arguments, handed on unseen
        self._plan, self._check, self._fixtures = plan, check, fixtures

    def runtest(self) -> None:
        """Record placeholder evidence."""
        assert self._fixtures.current is not None, "set before each item"  # noqa: S101 -- states an invariant
        record_placeholder(self._fixtures.current, self._plan, self._check)


def record_placeholder(record: Record, plan: Plan, check: PlannedCheck) -> None:
    """A value for each promised measure that lets its rules pass, or fail in the failing scenario."""
    record.fact("placeholder", "BASELINE: nothing was measured")
    record.proof("placeholder", True, "BASELINE: no instrument was used")
    for measure in check.measures:
        rules = _rules_for(plan.gates, measure)
        value = placeholder_value(rules, plan.scenario)
        for rule in rules:
            for number in range(int(value) if rule.counts else 0):
                record.finding(_finding(rule, number))
        n = max((rule.samples for rule in rules), default=0)
        record.measure(measure, value, lower=value, upper=value, n=max(n, 1), note=_NOTE)


def placeholder_value(rules: Sequence[Rule], scenario: Scenario) -> float:
    """A value well inside all the limits, or outside of one; zero where nothing judges it."""
    if scenario == "failing":
        return _outside(rules[0]) if rules else 0.0
    candidates = [value for rule in rules for value in (_inside(rule), rule.limit)]
    fitting = [
        value for value in candidates if all(holds(value, rule.operator, rule.limit) for rule in rules)
    ]
    # Rules that exclude each other let no value through, and a baseline that fails shows it.
    return (fitting or candidates or [0.0])[0]


def _inside(rule: Rule) -> float:
    if rule.operator == "==":
        return rule.limit
    margin = abs(rule.limit) / 2 or float(rule.operator in ("<", ">"))
    if rule.operator in (">", ">="):
        return rule.limit + (min(margin, (100 - rule.limit) / 2) if rule.unit == "%" else margin)
    return math.floor(rule.limit - margin) if rule.counts else rule.limit - margin


def _outside(rule: Rule) -> float:
    margin = abs(rule.limit) / 2 + 1
    return rule.limit - margin if rule.operator in (">", ">=") else rule.limit + math.ceil(margin)


def _rules_for(gates: tuple[Gate, ...], measure: str) -> list[Rule]:
    return [rule for gate in gates for rule in gate.rule if rule.measure == measure]


def _finding(rule: Rule, number: int) -> Finding:
    return Finding(
        rule="baseline.placeholder",
        severity=rule.counts or "info",
        title="BASELINE placeholder finding",
        location=f"baseline:{number}",
        fingerprint=f"baseline-{rule.id}-{number}",
    )
