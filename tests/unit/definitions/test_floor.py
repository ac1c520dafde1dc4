"""The floor: whatever is not called loosened lets nothing through that the floor would stop."""

import operator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.definitions.floor import changes, in_words, is_loosened, rules_by_id
from battery.model.gate import Gate, Operator, Rule
from battery.model.measure import Measurement

COMPARE = {"<=": operator.le, "<": operator.lt, ">=": operator.ge, ">": operator.gt, "==": operator.eq}
NUMBERS = st.integers(0, 6).map(float)


def rule(**fields: Any) -> Rule:
    base: dict[str, Any] = {
        "id": "p99",
        "measure": "load.p99",
        "operator": "<=",
        "limit": 800.0,
        "unit": "ms",
        "why": "w",
        "next_step": "n",
    }
    return Rule(**base | fields)


def gate(*rules: Rule, name: str = "G2") -> Gate:
    return Gate(id=name, title="t", why="w", instrument="load", rule=rules)


@pytest.mark.parametrize(
    ("floor", "used", "loosened"),
    [
        ({}, {"limit": 801.0}, True),
        ({}, {"limit": 799.0}, False),
        ({}, {"operator": "<"}, False),
        ({"operator": "<"}, {"operator": "<="}, True),
        ({"operator": "<"}, {"operator": "<=", "limit": 799.0}, False),
        ({}, {"operator": ">="}, True),
        ({}, {"operator": "=="}, True),
        ({}, {"limit": float("nan")}, True),
        ({}, {"limit": float("inf")}, True),
        ({"operator": ">="}, {"operator": ">=", "limit": 799.0}, True),
        ({"operator": ">="}, {"operator": ">"}, False),
        ({"operator": ">"}, {"operator": ">="}, True),
        ({"operator": "=="}, {"operator": "==", "limit": 799.0}, True),
        ({"operator": "=="}, {"operator": "<="}, True),
        ({"samples": 299}, {"samples": 298}, True),
        ({"samples": 299}, {"samples": 300}, False),
        ({"bound": "upper"}, {"bound": "value"}, True),
        ({"bound": "upper"}, {"bound": "lower"}, True),
        ({}, {"bound": "upper"}, False),
        ({}, {"bound": "lower"}, True),
        ({"operator": ">="}, {"operator": ">=", "bound": "lower"}, False),
        ({"operator": ">="}, {"operator": ">=", "bound": "upper"}, True),
        ({"operator": "=="}, {"operator": "==", "bound": "lower"}, True),
        ({"operator": "=="}, {"operator": "==", "bound": "upper"}, True),
        ({}, {"measure": "load.p50"}, True),
        ({}, {"unit": "s"}, True),
        ({}, {"counts": "high"}, True),
        ({"counts": "high"}, {"counts": None}, True),
        ({"counts": "high"}, {"counts": "low"}, True),
        ({}, {"why": "another reason", "next_step": "another step"}, False),
    ],
)
def test_a_rule_that_lets_more_through_is_loosened(
    floor: dict[str, Any], used: dict[str, Any], loosened: bool
) -> None:
    assert is_loosened(rule(**floor), rule(**floor | used)) is loosened


RULES = st.builds(
    rule,
    operator=st.sampled_from(list(COMPARE)),
    limit=NUMBERS,
    bound=st.sampled_from(["value", "upper", "lower"]),
    samples=st.integers(0, 3),
)


@st.composite
def measurements(draw: st.DrawFn) -> Measurement:
    lower, value, upper = sorted(draw(st.tuples(NUMBERS, NUMBERS, NUMBERS)))
    bounds = draw(st.booleans())
    return Measurement(
        name="load.p99",
        value=value,
        lower=lower if bounds else None,
        upper=upper if bounds else None,
        n=draw(st.none() | st.integers(0, 4)),
    )


def passes(judged: Rule, found: Measurement) -> bool:
    """The meaning of a rule, written a second time."""
    value = {"value": found.value, "upper": found.upper, "lower": found.lower}[judged.bound]
    enough = (found.n or 0) >= judged.samples
    return enough and value is not None and COMPARE[judged.operator](value, judged.limit)


@settings(max_examples=500, deadline=None)
@given(RULES, RULES, measurements())
def test_what_passes_a_rule_that_is_not_loosened_passes_the_floor(
    floor: Rule, used: Rule, found: Measurement
) -> None:
    if passes(used, found) and not is_loosened(floor, used):
        assert passes(floor, found)


@given(RULES, RULES, RULES)
def test_what_is_not_loosened_twice_is_not_loosened(first: Rule, second: Rule, third: Rule) -> None:
    if not is_loosened(first, second) and not is_loosened(second, third):
        assert not is_loosened(first, third)


@given(RULES)
def test_a_rule_is_not_looser_than_itself(same: Rule) -> None:
    assert not is_loosened(same, same)
    assert changes([gate(same)], [gate(same)]) == ()


def test_an_absent_rule_is_loosened_and_an_added_one_is_not() -> None:
    one, other = rule(), rule(id="p50")
    (gone,) = changes([gate(one, other)], [gate(one)])
    assert (gone.rule, gone.used, gone.loosened) == ("G2:p50", "absent", True)
    (added,) = changes([gate(one)], [gate(one, other)])
    assert (added.rule, added.shipped, added.loosened) == ("G2:p50", "absent", False)
    moved = changes([gate(one)], [gate(one, name="G3")])
    assert [(change.rule, change.loosened) for change in moved] == [("G2:p99", True), ("G3:p99", False)]


def test_another_wording_is_no_change() -> None:
    assert changes([gate(rule())], [gate(rule(why="other", next_step="other"))]) == ()


def test_a_changed_rule_is_told_in_words() -> None:
    used = rule(limit=900.0, bound="upper", samples=10)
    (change,) = changes([gate(rule())], [gate(used)])
    assert (change.shipped, change.used) == ("load.p99 <= 800 ms", "upper(load.p99) <= 900 ms, n >= 10")
    counted = rule(unit="count", operator="==", limit=0.0, counts="high")
    assert in_words(counted).endswith("waived high findings not counted")


def test_rules_are_known_by_gate_and_id() -> None:
    assert list(rules_by_id([gate(rule()), gate(rule(), name="G3")])) == ["G2:p99", "G3:p99"]


@pytest.mark.parametrize("name", ["<=", "<", ">=", ">", "=="])
def test_every_operator_is_known(name: Operator) -> None:
    used = msgspec.structs.replace(rule(), operator=name)
    assert not is_loosened(used, used)
