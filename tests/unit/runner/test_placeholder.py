"""Placeholder evidence rehearses a pass or a failure of any rule."""

import operator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.judging import judge
from battery.model.gate import Operator, Rule
from battery.model.plan import Scenario
from battery.runner.placeholder import placeholder_value
from battery.store import RunFolder
from tests.fakes.checks import run_again
from tests.fakes.plans import NOW, SHIPPED, a_check, a_gate, a_plan, a_rule

OPERATORS: tuple[Operator, ...] = ("<=", "<", ">=", ">", "==")
COMPARE = dict(zip(OPERATORS, (operator.le, operator.lt, operator.ge, operator.gt, operator.eq), strict=True))


def holds(rule: Rule, value: float) -> bool:
    return bool(COMPARE[rule.operator](value, rule.limit))


@given(
    st.sampled_from(OPERATORS),
    st.floats(-1e6, 1e6).map(lambda limit: round(limit, 3)),
    st.sampled_from(["ratio", "count", "ms"]),
)
def test_the_value_passes_or_fails_its_rule_as_asked(operator: Operator, limit: float, unit: str) -> None:
    rule = a_rule(operator=operator, limit=limit, unit=unit)
    assert holds(rule, placeholder_value([rule], "passing"))
    assert not holds(rule, placeholder_value([rule], "failing"))


@given(st.sampled_from(["<=", "<", "=="]), st.integers(0, 50))
def test_counted_findings_are_whole_numbers(operator: Operator, limit: int) -> None:
    rule = a_rule(operator=operator, limit=limit, unit="count", counts="high")
    passing, failing = placeholder_value([rule], "passing"), placeholder_value([rule], "failing")
    assert (passing, failing) == (int(passing), int(failing))
    assert holds(rule, passing)
    assert not holds(rule, failing)


def test_a_percentage_stays_one() -> None:
    assert 90 < placeholder_value([a_rule(limit=90, unit="%")], "passing") <= 100
    assert placeholder_value([a_rule(limit=100, unit="%")], "passing") == 100


@pytest.mark.parametrize(
    "rules",
    [
        [a_rule(operator="<=", limit=800), a_rule(operator="<=", limit=100)],
        [a_rule(operator=">=", limit=10), a_rule(operator="<=", limit=20)],
        [a_rule(operator=">=", limit=10), a_rule(operator="<=", limit=10)],
        [a_rule(operator="==", limit=1), a_rule(operator=">=", limit=0)],
    ],
)
def test_one_value_passes_all_rules_of_its_measure(rules: list[Rule]) -> None:
    value = placeholder_value(rules, "passing")
    assert all(holds(rule, value) for rule in rules)


def test_rules_that_exclude_each_other_fail_rather_than_crash() -> None:
    rules = [a_rule(operator=">=", limit=10), a_rule(operator="<=", limit=5)]
    value = placeholder_value(rules, "passing")
    assert not all(holds(rule, value) for rule in rules)


def test_a_measure_that_nothing_judges_is_zero() -> None:
    assert placeholder_value([], "passing") == placeholder_value([], "failing") == 0.0


@pytest.mark.parametrize(("scenario", "result"), [("passing", "PASSED"), ("failing", "FAILED")])
def test_a_run_of_placeholders_is_judged_as_its_scenario_says(
    tmp_path: Path, scenario: Scenario, result: str
) -> None:
    own = a_gate(
        a_rule(
            id="own.p99",
            measure="load.p1.p99",
            operator="<",
            limit=100,
            unit="ms",
            samples=500,
            bound="upper",
        ),
        a_rule(
            id="own.high",
            measure="security.findings.high",
            operator="<=",
            limit=3,
            unit="count",
            counts="high",
        ),
        id="G9",
    )
    gates = (*SHIPPED.gates, own)
    measures = {rule.measure: gate.id for gate in gates for rule in gate.rule} | {"target.extra": "G6"}
    checks = tuple(
        a_check(id=f"placeholder.{name}", gates=(gate,), measures=(name,)) for name, gate in measures.items()
    )
    plan = a_plan(mode="baseline", scenario=scenario, gates=gates, checks=checks)
    run = RunFolder.create(tmp_path, plan)
    ran = run_again(plan, run)
    assert {item.status for item in ran.evidence.values()} == {"measured"}
    judgement = judge(plan, run.digest(), ran.evidence.values(), NOW)
    assert judgement.result == result, judgement
    if scenario == "failing":
        assert {gate.status for gate in judgement.gates} == {"fail"}
    for item in ran.evidence.values():
        assert item.facts["placeholder"].startswith("BASELINE")
        assert all("BASELINE" in measure.note for measure in item.measures)
