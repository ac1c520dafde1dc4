"""Gates at an intensity."""

import msgspec

from battery.definitions.floor import changes, in_words
from battery.definitions.gates import load_shipped
from battery.model.gate import Gate, Rule, judged_at

RULE = Rule(id="a.b", measure="a.b", operator="<=", limit=1, unit="count", why="w", next_step="n")
LATE = msgspec.structs.replace(RULE, id="a.late", from_intensity="standard")


def gate(*rules: Rule) -> Gate:
    return Gate(id="G9", title="t", why="w", instrument="load", rule=rules)


def test_a_late_rule_is_judged_from_its_intensity_on() -> None:
    assert [rule.id for rule in judged_at([gate(RULE, LATE)], "smoke")[0].rule] == ["a.b"]
    for intensity in ("standard", "full"):
        assert len(judged_at([gate(RULE, LATE)], intensity)[0].rule) == 2


def test_a_gate_never_loses_all_its_rules() -> None:
    assert judged_at([gate(LATE)], "smoke")[0].rule == (LATE,)


def test_judging_a_rule_later_loosens_it_and_earlier_does_not() -> None:
    later = msgspec.structs.replace(RULE, from_intensity="full")
    assert [change.loosened for change in changes([gate(RULE)], [gate(later)])] == [True]
    assert [change.loosened for change in changes([gate(later)], [gate(RULE)])] == [False]
    assert "from intensity full" in in_words(later)


def test_only_trends_wait_for_a_longer_run() -> None:
    shipped = load_shipped().gates
    left_out = {rule.id for gate in shipped for rule in gate.rule if not rule.is_judged_at("smoke")}
    assert left_out == {f"load.p4.{name}.growth" for name in ("latency", "memory", "descriptors", "threads")}
