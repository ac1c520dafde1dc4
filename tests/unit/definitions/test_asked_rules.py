"""Rules that battery.toml asks for."""

from battery.definitions.asked_rules import with_asked_rules
from battery.definitions.floor import changes, rules_by_id
from battery.definitions.gates import load_shipped
from battery.model.definition import Definition
from battery.model.target import Source

SHIPPED = load_shipped()


def test_without_asking_nothing_is_added() -> None:
    assert with_asked_rules(SHIPPED, Definition()) == SHIPPED
    assert with_asked_rules(SHIPPED, Definition(source=Source())) == SHIPPED


def test_a_package_floor_is_a_rule_of_g1_and_loosens_nothing() -> None:
    found = with_asked_rules(SHIPPED, Definition(source=Source(package_floor=80.0)))
    rule = rules_by_id(found.gates)["G1:coverage.package.least"]
    assert (rule.operator, rule.limit, rule.unit) == (">=", 80.0, "%")
    assert not any(change.loosened for change in changes(SHIPPED.gates, found.gates))
    assert {each.measure for gate in found.gates for each in gate.rule} <= {
        measure.name for measure in found.measures
    }


def test_a_rule_of_that_name_in_the_users_own_gate_stays() -> None:
    asked = Definition(source=Source(package_floor=80.0))
    once = with_asked_rules(SHIPPED, asked)
    assert with_asked_rules(once, Definition(source=Source(package_floor=10.0))) == once
