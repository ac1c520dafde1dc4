"""One instrument's own verdict."""

import pytest

from battery.judging import judge
from battery.judging.instrument import instrument_status, promised_rules
from battery.model.evidence import Proof
from battery.model.verdict import Status
from tests.fakes.plans import DIGEST, NOW, a_check, a_gate, a_plan, a_rule, measured, some_evidence

LOAD, SCAN = a_rule(id="load", measure="load.p1.p99"), a_rule(id="scan", measure="coverage.line")
PLAN = a_plan(
    gates=(a_gate(LOAD, SCAN),),
    checks=(
        a_check(id="load.p1", instrument="load", measures=("load.p1.p99",)),
        a_check(id="scan", instrument="security", measures=("coverage.line",)),
    ),
)


def status(value: float, *, ok: bool = True, instrument: str = "load") -> Status:
    proofs = (Proof(name="generator", ok=ok, detail="looked"),)
    evidence = [some_evidence("load.p1", measured("load.p1.p99", value), proofs=proofs)]
    return instrument_status(PLAN, judge(PLAN, DIGEST, evidence, NOW), instrument)


@pytest.mark.parametrize(("value", "wanted"), [(95.0, "pass"), (50.0, "fail")])
def test_its_own_rules_decide_whatever_the_others_lack(value: float, wanted: Status) -> None:
    assert status(value) == wanted


def test_a_check_of_its_own_that_proved_nothing_keeps_it_undecided() -> None:
    assert status(95.0, ok=False) == "undecided"


@pytest.mark.parametrize(("same", "wanted"), [(True, "pass"), (False, "undecided")])
def test_what_was_measured_on_a_target_that_changed_is_undecided(same: bool, wanted: Status) -> None:
    after = a_check(id="target.after", instrument="target", measures=())
    plan = a_plan(gates=PLAN.gates, checks=(*PLAN.checks, after))
    proof = Proof(name="identity unchanged", ok=same, detail="looked")
    evidence = [
        some_evidence("load.p1", measured("load.p1.p99", 95.0)),
        some_evidence("target.after", proofs=(proof,)),
    ]
    assert instrument_status(plan, judge(plan, DIGEST, evidence, NOW), "load") == wanted


def test_an_instrument_without_a_rule_or_without_evidence_is_undecided() -> None:
    assert status(95.0, instrument="chaos") == "undecided"
    assert status(95.0, instrument="security") == "undecided"


def test_the_rules_are_named_with_their_gate() -> None:
    rules = promised_rules(PLAN, judge(PLAN, DIGEST, (), NOW), "load")
    assert [(gate, rule.rule) for gate, rule in rules] == [("G1", "load")]
