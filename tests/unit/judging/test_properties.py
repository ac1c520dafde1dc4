"""What holds for every plan and every evidence."""

import math
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from battery.definitions.gates import load_gates, load_shipped
from battery.judging import judge
from battery.model.definition import GateChoice
from battery.model.evidence import Evidence, Proof
from battery.model.gate import Level, Rule
from battery.model.plan import Plan, PlannedCheck
from battery.model.verdict import Judgement
from battery.model.waiver import Waiver
from tests.fakes.plans import (
    DIGEST,
    NOW,
    SHIPPED,
    a_check,
    a_finding,
    a_gate,
    a_plan,
    a_rule,
    a_waiver,
    changed,
    failing_value,
    full_plan,
    measured,
    passing_evidence,
    passing_value,
    some_evidence,
)

BEST = ("fail", "undecided", "pass")
RESULTS = ("FAILED", "UNDECIDED", "PASSED")
LEVELS = ("none", "bronze", "silver", "gold")
GATES = ("G1", "G2", "G3")
FINDINGS = "found.high"

rules = st.builds(
    lambda operator, limit, bound, samples: {
        "operator": operator,
        "limit": limit,
        "bound": bound,
        "samples": samples,
        "unit": "ms",
    },
    st.sampled_from(("<=", "<", ">=", ">", "==")),
    st.integers(1, 100),
    st.sampled_from(("value", "upper", "lower")),
    st.sampled_from((0, 100)),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Up to three gates, each with its own measures, one of them counting findings; checks that share them out."""
    gates, checks = [], []
    for gate in GATES[: draw(st.integers(1, 3))]:
        made = [
            a_rule(id=f"r{number}", measure=f"{gate.lower()}.m{number}", **draw(rules))
            for number in range(draw(st.integers(1, 3)))
        ]
        gates.append(a_gate(*made, id=gate))
        for number in range(draw(st.integers(1, 2))):
            promised = draw(st.sets(st.sampled_from([rule.measure for rule in made])))
            checks.append(a_check(id=f"{gate}.c{number}", gates=(gate,), measures=tuple(sorted(promised))))
    counts = a_rule(
        id="found",
        measure=FINDINGS,
        operator="<=",
        limit=draw(st.integers(0, 2)),
        unit="count",
        counts="high",
    )
    gates.append(a_gate(counts, id="G5"))
    checks.append(a_check(id="G5.scan", gates=("G5",), measures=(FINDINGS,)))
    split = draw(st.integers(0, len(checks))) if draw(st.booleans()) else len(checks)
    levels = (
        Level(id="gold", gates=tuple(gate.id for gate in gates), waivers=False, intensity="standard"),
        Level(id="bronze", gates=(gates[0].id,), waivers=True, intensity="smoke"),
    )
    return a_plan(
        gates=tuple(gates), checks=tuple(checks[:split]), not_run=tuple(checks[split:]), levels=levels
    )


@st.composite
def items(draw: st.DrawFn, plan: Plan, check: PlannedCheck) -> Evidence:
    """Anything that a check may have left."""
    found = tuple(a_finding("high", f"f{number}") for number in range(draw(st.integers(0, 3))))
    measures = []
    for name in check.measures:
        rule = rule_of(plan, name)
        value = draw(st.sampled_from((passing_value(rule), failing_value(rule), float("nan"), -1.0)))
        if rule.counts:
            value = float(len(found))
        bounds: dict[str, Any] = draw(
            st.sampled_from(({}, {"upper": None}, {"lower": None}, {"n": 0}, {"n": 50}))
        )
        if draw(st.integers(0, 5)):
            measures.append(measured(name, value, **bounds))
    return changed(
        some_evidence(check.id, gates=check.gates),
        measures=tuple(measures),
        findings=found if FINDINGS in check.measures else (),
        status=draw(st.sampled_from(("measured", "measured", "measured", "skipped", "errored", "missing"))),
        mode=draw(st.sampled_from(("real", "real", "real", "baseline"))),
        plan=draw(st.sampled_from((DIGEST, DIGEST, DIGEST, "e" * 64))),
        proofs=(Proof(name="canary", ok=draw(st.integers(0, 4)) > 0, detail="looked"),),
    )


@st.composite
def cases(draw: st.DrawFn, *, every_check: bool = False) -> tuple[Plan, list[Evidence]]:
    """A plan, and evidence of some or all of its checks."""
    plan = draw(plans())
    chosen = [check for check in plan.checks if every_check or draw(st.integers(0, 4))]
    return plan, [draw(items(plan, check)) for check in chosen]


@st.composite
def failures(draw: st.DrawFn, plan: Plan) -> Evidence:
    """Evidence that something is wrong, in each way that evidence can say so."""
    check = draw(
        st.sampled_from((*plan.checks, a_check(id="stranger", measures=(plan.gates[0].rule[0].measure,))))
    )
    findings = tuple(a_finding("high", f"new{number}") for number in range(9))
    values = {name: failing_value(rule_of(plan, name)) for name in check.measures}
    bad = changed(
        some_evidence(check.id, gates=check.gates),
        measures=tuple(
            measured(name, 9.0 if rule_of(plan, name).counts else value) for name, value in values.items()
        ),
        findings=findings if FINDINGS in check.measures else (),
    )
    good = changed(
        bad,
        measures=tuple(measured(name, passing_value(rule_of(plan, name))) for name in check.measures),
        findings=(),
    )
    nan = changed(good, measures=tuple(measured(name, math.nan) for name in check.measures))
    ways: list[Evidence] = [
        *((bad, nan) if check.measures else ()),  # a check that promises nothing has no bad value to tell
        changed(good, proofs=(Proof(name="canary", ok=False, detail="lost"),)),
        changed(good, mode="baseline"),
        changed(good, plan="e" * 64),
        *(changed(good, status=status, reason="it broke") for status in ("skipped", "errored", "missing")),
    ]
    return draw(st.sampled_from(ways))


def rule_of(plan: Plan, measure: str) -> Rule:
    return next(rule for gate in plan.gates for rule in gate.rule if rule.measure == measure)


def assert_no_better(before: Judgement, after: Judgement) -> None:
    for old, new in zip(before.gates, after.gates, strict=True):
        assert BEST.index(new.status) <= BEST.index(old.status), (old, new)
    assert RESULTS.index(after.result) <= RESULTS.index(before.result)
    assert LEVELS.index(after.level) <= LEVELS.index(before.level)


some_waivers = st.lists(
    st.one_of(
        st.sampled_from(GATES).flatmap(
            lambda gate: st.sampled_from(("r0", "r1", "r2")).map(lambda rule: a_waiver(rule=f"{gate}:{rule}"))
        ),
        st.just(a_waiver(rule="G5:found")),
        st.sampled_from(("f0", "f1", "new0")).map(lambda name: a_waiver(finding=name)),
        st.just(a_waiver(finding="f2", expires=NOW - timedelta(days=1))),
        st.just(a_waiver(finding="f0", subject="b" * 64)),
    ),
    max_size=4,
).map(tuple)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_evidence_of_failure_never_improves_anything(data: st.DataObject) -> None:
    plan, evidence = data.draw(cases())
    added = data.draw(failures(plan))
    assert_no_better(judge(plan, DIGEST, evidence, NOW), judge(plan, DIGEST, [*evidence, added], NOW))


@settings(deadline=None, max_examples=300)
@given(st.data(), some_waivers)
def test_nor_does_it_with_waivers_where_every_check_left_something(
    data: st.DataObject, waivers: tuple[Waiver, ...]
) -> None:
    plan, evidence = data.draw(cases(every_check=True))
    plan = changed(plan, waivers=waivers)
    added = data.draw(failures(plan))
    assert_no_better(judge(plan, DIGEST, evidence, NOW), judge(plan, DIGEST, [*evidence, added], NOW))


@settings(deadline=None, max_examples=200)
@given(st.data(), some_waivers)
def test_the_order_of_evidence_changes_nothing(data: st.DataObject, waivers: tuple[Waiver, ...]) -> None:
    plan, evidence = data.draw(cases())
    plan = changed(plan, waivers=waivers)
    evidence += data.draw(st.lists(failures(plan), min_size=1, max_size=4))
    shuffled = data.draw(st.permutations(evidence))
    assert judge(plan, DIGEST, evidence, NOW) == judge(plan, DIGEST, shuffled, NOW)


@settings(deadline=None, max_examples=200)
@given(cases(), some_waivers)
def test_a_gate_passes_only_when_each_check_that_concerns_it_delivered(
    case: tuple[Plan, list[Evidence]], waivers: tuple[Waiver, ...]
) -> None:
    plan, evidence = changed(case[0], waivers=waivers), case[1]
    usable = {
        item.check
        for item in evidence
        if (item.status, item.mode, item.plan) == ("measured", "real", DIGEST)
        and all(proof.ok for proof in item.proofs)
    }
    for gate in judge(plan, DIGEST, evidence, NOW).gates:
        needed = {check.id for check in (*plan.checks, *plan.not_run) if gate.gate in check.gates}
        if gate.status == "pass":
            assert needed
            assert needed <= usable
            assert all(rule.value is not None for rule in gate.rules)


@settings(deadline=None, max_examples=200)
@given(cases(), st.sampled_from(GATES))
def test_a_waiver_never_turns_undecided_into_pass(case: tuple[Plan, list[Evidence]], gate: str) -> None:
    plan, evidence = case
    waivers = tuple(a_waiver(rule=f"{gate}:r{number}") for number in range(3))
    before = judge(plan, DIGEST, evidence, NOW).gates
    after = judge(changed(plan, waivers=waivers), DIGEST, evidence, NOW).gates
    for old, new in zip(before, after, strict=True):
        assert old.status != "undecided" or new.status == "undecided"
        assert old.status != "pass" or new == old


@settings(deadline=None, max_examples=100)
@given(plans(), some_waivers)
def test_no_evidence_at_all_passes_nothing(plan: Plan, waivers: tuple[Waiver, ...]) -> None:
    judgement = judge(changed(plan, waivers=waivers), DIGEST, (), NOW)
    assert {gate.status for gate in judgement.gates} == {"undecided"}
    assert judgement.result != "PASSED"
    assert judgement.level == "none"


@settings(deadline=None)
@given(st.data())
def test_without_any_one_piece_of_evidence_its_gates_do_not_pass(data: st.DataObject) -> None:
    plan = full_plan()
    evidence = passing_evidence(plan)
    assert judge(plan, DIGEST, evidence, NOW).result == "PASSED"
    lost = data.draw(st.sampled_from(evidence))
    judgement = judge(plan, DIGEST, [item for item in evidence if item is not lost], NOW)
    assert judgement.result == "UNDECIDED"
    assert {gate.gate for gate in judgement.gates if gate.status != "pass"} == set(lost.gates)


@settings(deadline=None)
@given(cases())
def test_a_baseline_never_earns_a_level(case: tuple[Plan, list[Evidence]]) -> None:
    evidence = [changed(item, mode="baseline") for item in case[1]]
    assert judge(changed(case[0], mode="baseline"), DIGEST, evidence, NOW).level == "none"


possible_limits = {"%": st.floats(0, 100), "bool": st.sampled_from((0.0, 1.0))}
shipped_rules = {f"{gate.id}:{rule.id}": rule for gate in SHIPPED.gates for rule in gate.rule}
limit_changes = st.dictionaries(st.sampled_from(sorted(shipped_rules)), st.floats(0, 1), max_size=6).flatmap(
    lambda names: st.fixed_dictionaries(
        {name: possible_limits.get(shipped_rules[name].unit, st.floats(0, 1e6)) for name in names}
    )
)


@settings(deadline=None, max_examples=60)
@given(limit_changes)
def test_a_loosened_rule_is_always_named(limits: dict[str, float]) -> None:
    gates = load_gates(GateChoice(limit=limits), Path())
    named = {change.rule: change.loosened for change in gates.changes}
    for name, limit in limits.items():
        shipped = shipped_rules[name]
        if shipped.operator in ("<=", "<"):
            loosened = limit > shipped.limit
        elif shipped.operator in (">=", ">"):
            loosened = limit < shipped.limit
        else:
            loosened = limit != shipped.limit
        assert named.get(name, False) is loosened
        assert (name in named) is (limit != shipped.limit)
    assert set(named) <= set(limits)
    assert load_shipped().gates == SHIPPED.gates
