"""Plans, evidence and what belongs to them, with defaults for what a test does not care about."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from battery.definitions.gates import load_shipped
from battery.judging import judge
from battery.model.definition import Definition, GateChoice, ProfileChoice
from battery.model.evidence import Evidence, Proof
from battery.model.finding import Finding, Severity
from battery.model.gate import Gate, Rule
from battery.model.measure import Measurement
from battery.model.plan import Plan, PlannedCheck, Subject
from battery.model.run import Run
from battery.model.waiver import Waiver
from battery.planning import Request

S = TypeVar("S", bound=msgspec.Struct)
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DIGEST = "d" * 64
SUBJECT = Subject(name="app", sha256="a" * 64)
NO_GATES, NO_PROFILES = GateChoice(), ProfileChoice()
SHIPPED = load_shipped()


def a_rule(**given: Any) -> Rule:
    """G1's first rule, unless told otherwise."""
    defaults: dict[str, Any] = {
        "id": "coverage.line",
        "measure": "coverage.line",
        "operator": ">=",
        "limit": 90,
        "unit": "%",
        "why": "because",
        "next_step": "mend it",
    }
    return Rule(**defaults | given)


def a_gate(*rules: Rule, id: str = "G1") -> Gate:  # noqa: A002 -- the field's name
    """A gate with the rules, or with one."""
    return Gate(id=id, title="a gate", why="because", instrument="readiness", rule=rules or (a_rule(),))


def a_check(**given: Any) -> PlannedCheck:
    """A check that feeds G1 with line coverage."""
    defaults: dict[str, Any] = {
        "id": "coverage.report",
        "title": "coverage",
        "gates": ("G1",),
        "measures": ("coverage.line",),
        "instrument": "readiness",
        "origin": "battery",
        "sha256": "c" * 64,
        "limit": 60.0,
    }
    return PlannedCheck(**defaults | given)


def a_plan(**given: Any) -> Plan:
    """A real plan of one gate, one rule and one check."""
    defaults: dict[str, Any] = {
        "battery": "0.1.0",
        "run": "20260301-120000-abcdef",
        "mode": "real",
        "scenario": "passing",
        "intensity": "standard",
        "created": NOW,
        "deadline": 3600.0,
        "seed": 1,
        "nonce": "",
        "subject": SUBJECT,
        "folder": "/somewhere",
        "definition": Definition(),
        "measures": SHIPPED.measures,
        "gates": (a_gate(),),
        "levels": SHIPPED.levels,
        "profiles": (),
        "files": (),
        "changes": (),
        "waivers": (),
        "only": (),
        "checks": (a_check(),),
    }
    return Plan(**defaults | given)


def a_request(**given: Any) -> Request:
    """What a user asks for with the shipped gates and one check."""
    defaults: dict[str, Any] = {
        "battery": "0.1.0",
        "run": "20260301-120000-abcdef",
        "created": NOW,
        "seed": 1,
        "nonce": "",
        "mode": "real",
        "scenario": "passing",
        "intensity": "standard",
        "subject": SUBJECT,
        "folder": "/somewhere",
        "definition": Definition(),
        "gates": SHIPPED.gates,
        "levels": SHIPPED.levels,
        "measures": SHIPPED.measures,
        "files": (),
        "changes": (),
        "profiles": (),
        "waivers": (),
        "only": (),
        "only_profiles": (),
        "checks": (a_check(),),
    }
    return Request(**defaults | given)


def measured(name: str = "coverage.line", value: float = 95.0, **given: Any) -> Measurement:
    """One number with a bound on both sides and plenty of samples."""
    defaults: dict[str, Any] = {"name": name, "value": value, "lower": value, "upper": value, "n": 1000}
    return Measurement(**defaults | given)


def some_evidence(check: str = "coverage.report", *measures: Measurement, **given: Any) -> Evidence:
    """Evidence that lets its rules pass."""
    defaults: dict[str, Any] = {
        "check": check,
        "mode": "real",
        "plan": DIGEST,
        "gates": ("G1",),
        "status": "measured",
        "started": NOW,
        "seconds": 1.0,
        "measures": measures or (measured(),),
        "proofs": (Proof(name="it worked", ok=True, detail="seen"),),
    }
    return Evidence(**defaults | given)


def a_finding(severity: Severity = "high", fingerprint: str = "f1", **given: Any) -> Finding:
    """One defect."""
    defaults = {"rule": "r", "title": "a defect", "location": "app.py:1"}
    return Finding(severity=severity, fingerprint=fingerprint, **defaults | given)


def a_waiver(**given: Any) -> Waiver:
    """A waiver for G1's first rule that still runs."""
    defaults: dict[str, Any] = {
        "reason": "known",
        "owner": "ann@example.org",
        "expires": NOW + timedelta(days=1),
    }
    if "finding" not in given:
        defaults["rule"] = "G1:coverage.line"
    return Waiver(**defaults | given)


def a_run(plan: Plan, evidence: Sequence[Evidence], folder: Path = Path("artifacts/run")) -> Run:
    """The run as judged."""
    return Run(
        folder=str(folder),
        plan=plan,
        evidence=tuple(evidence),
        judgement=judge(plan, DIGEST, evidence, NOW),
        finished=NOW,
    )


def passing_evidence(plan: Plan) -> list[Evidence]:
    """Evidence for every planned check that lets every rule pass."""
    rules = {rule.measure: rule for gate in plan.gates for rule in gate.rule}
    return [
        some_evidence(
            check.id,
            *(measured(name, passing_value(rules[name])) for name in check.measures if name in rules),
            gates=check.gates,
            mode=plan.mode,
        )
        for check in plan.checks
    ]


def passing_value(rule: Rule) -> float:
    """A value that the rule lets pass."""
    if rule.operator in ("<", "<="):
        return rule.limit / 2
    return min(rule.limit + 1, 100.0) if rule.operator in (">", ">=") else rule.limit


def failing_value(rule: Rule) -> float:
    """A possible value that the rule does not let pass."""
    if rule.operator in ("<", "<="):
        return min(rule.limit + 5, 100.0) if rule.unit == "%" else rule.limit + 5
    return rule.limit / 2 if rule.operator in (">", ">=") else rule.limit + 1


def full_plan(**given: Any) -> Plan:
    """A plan with the shipped gates and one check for each judged measure."""
    checks = tuple(
        a_check(id=f"c.{rule.measure}", gates=(gate.id,), measures=(rule.measure,))
        for gate in SHIPPED.gates
        for rule in gate.rule
    )
    return a_plan(**{"gates": SHIPPED.gates, "checks": checks} | given)


def changed(value: S, **given: Any) -> S:
    """The struct with other fields."""
    return msgspec.structs.replace(value, **given)
