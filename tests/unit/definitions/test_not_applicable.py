"""Scenarios that cannot apply leave the gates by name."""

from pathlib import Path

import pytest

from battery.definitions.gates import load_shipped
from battery.definitions.not_applicable import without_not_applicable
from battery.errors import DefinitionError
from battery.model.definition import SCENARIOS, NotApplicable

SHIPPED = load_shipped()


def rules(reasons: dict[NotApplicable, str]) -> set[str]:
    gates = without_not_applicable(SHIPPED, reasons, "battery.toml")
    return {rule.id for gate in gates.gates for rule in gate.rule}


def test_nothing_declared_changes_nothing() -> None:
    assert without_not_applicable(SHIPPED, {}, "battery.toml") == SHIPPED


def test_the_rules_of_the_scenario_are_gone_and_each_is_told_as_loosened() -> None:
    gates = without_not_applicable(SHIPPED, {"dependency": "it asks nobody"}, "battery.toml")
    assert {"chaos.dependency.recovery", "chaos.breaker.defects"}.isdisjoint(rules({"dependency": "x"}))
    told = {change.rule: change for change in gates.changes}
    names = ("dependency.recovery", "breaker.defects", "breaker.trials")
    assert set(told) == {f"G4:chaos.{name}" for name in names}
    assert all(change.loosened for change in told.values())
    assert told["G4:chaos.breaker.defects"].used == "not applicable: it asks nobody"


def test_a_gate_of_which_nothing_is_left_is_refused() -> None:
    reasons: dict[NotApplicable, str] = dict.fromkeys((*SCENARIOS, "writes"), "no")
    with pytest.raises(DefinitionError, match="leaves nothing of gate G4"):
        without_not_applicable(SHIPPED, reasons, str(Path("battery.toml")))
