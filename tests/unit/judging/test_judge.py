"""What a judge concludes from evidence."""

from datetime import timedelta
from typing import Any

import pytest

from battery.judging import judge
from battery.judging.judge import overall
from battery.judging.levels import best_level, highest_at
from battery.model.evidence import Proof
from battery.model.gate import Level
from battery.model.verdict import GateVerdict, Judgement
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
    full_plan,
    measured,
    passing_evidence,
    some_evidence,
)


def judged(plan: Any = None, *evidence: Any) -> Judgement:
    return judge(plan or a_plan(), DIGEST, evidence, NOW)


def only_gate(judgement: Judgement) -> GateVerdict:
    (gate,) = judgement.gates
    return gate


def test_a_measure_within_its_limit_passes_and_cites_value_limit_and_evidence() -> None:
    judgement = judged(None, some_evidence())
    (rule,) = only_gate(judgement).rules
    assert judgement.result == "PASSED"
    assert (rule.status, rule.value, rule.n, rule.evidence) == ("pass", 95.0, 1000, "coverage.report")
    assert rule.reason == "coverage.line = 95 %, n = 1000: within >= 90 %"
    assert rule.next_step == ""


def test_a_measure_beyond_its_limit_fails_and_says_what_to_do() -> None:
    judgement = judged(None, some_evidence("coverage.report", measured(value=80.0)))
    (rule,) = only_gate(judgement).rules
    assert (judgement.result, rule.status, rule.next_step) == ("FAILED", "fail", "mend it")
    assert "80 %" in rule.reason
    assert "not within >= 90 %" in rule.reason


def test_no_evidence_decides_nothing() -> None:
    judgement = judged()
    assert judgement.result == "UNDECIDED"
    assert only_gate(judgement).problems == ("check coverage.report was planned and did not run",)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"mode": "baseline"}, "baseline evidence in a real run"),
        ({"plan": "e" * 64}, "another plan"),
        ({"check": "stranger"}, "not planned to measure"),
        ({"proofs": (Proof(name="canary", ok=False, detail="not found"),)}, "canary: not found"),
    ],
)
def test_evidence_that_cannot_be_trusted_decides_nothing(change: dict[str, Any], reason: str) -> None:
    gate = only_gate(judged(None, changed(some_evidence(), **change)))
    assert gate.status == "undecided"
    assert reason in gate.rules[0].reason


@pytest.mark.parametrize("status", ["skipped", "errored", "missing"])
def test_a_check_that_did_not_measure_decides_nothing_even_if_it_left_a_number(status: str) -> None:
    gate = only_gate(judged(None, some_evidence(status=status, reason="why not")))
    assert (gate.status, gate.rules[0].value) == ("undecided", None)
    assert gate.rules[0].reason == f"check coverage.report {status}: why not"


@pytest.mark.parametrize(
    ("rule", "measurement", "reason"),
    [
        ({}, {"value": float("nan")}, "not a finite number"),
        ({}, {"upper": float("inf")}, "not a finite number"),
        ({"limit": float("-inf")}, {}, "not a finite number"),
        ({}, {"value": 101.0, "lower": None, "upper": None}, "impossible"),
        ({}, {"value": -1.0, "lower": None, "upper": None}, "impossible"),
        ({}, {"upper": 94.0}, "within its own bounds"),
        ({}, {"lower": 96.0}, "within its own bounds"),
        ({}, {"n": 0}, "nothing was sampled"),
        ({}, {"n": -5}, "nothing was sampled"),
        ({"samples": 1001}, {}, "not enough samples: n = 1000, the rule needs 1001"),
        ({"samples": 1}, {"n": None}, "not enough samples: n = 0"),
        ({"bound": "lower"}, {"lower": None}, "has no lower bound"),
        ({"bound": "upper", "operator": "<="}, {"upper": None, "lower": 80.0}, "has no upper bound"),
    ],
)
def test_a_number_that_is_too_thin_or_cannot_be_decides_nothing(
    rule: dict[str, Any], measurement: dict[str, Any], reason: str
) -> None:
    plan = a_plan(gates=(a_gate(a_rule(**rule)),))
    gate = only_gate(judged(plan, some_evidence("coverage.report", measured(**measurement))))
    assert gate.status == "undecided"
    assert reason in gate.rules[0].reason


def test_the_judged_bound_decides_and_not_the_measured_value() -> None:
    plan = a_plan(gates=(a_gate(a_rule(bound="lower")),))
    gate = only_gate(judged(plan, some_evidence("coverage.report", measured(value=95.0, lower=85.0))))
    assert gate.status == "fail"
    assert "(lower bound; measured 95)" in gate.rules[0].reason


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("operator", "limit", "values", "worst"),
    [(">=", 90, (80, 70), 70), (">", 50, (90, 60), 60), ("<=", 10, (20, 30), 30), ("<", 50, (10, 20), 20)],
)
def test_the_worst_value_is_shown_whatever_the_order(
    operator: str, limit: float, values: tuple[float, float], worst: float, order: int
) -> None:
    checks = (a_check(id="one"), a_check(id="two"))
    plan = a_plan(gates=(a_gate(a_rule(operator=operator, limit=limit)),), checks=checks)
    items = [some_evidence(name, measured(value=value)) for name, value in zip(["one", "two"], values)]  # noqa: B905
    assert only_gate(judged(plan, *items[::order])).rules[0].value == worst


def test_an_equality_shows_the_value_that_is_farthest_away() -> None:
    checks = (a_check(id="one"), a_check(id="two"))
    plan = a_plan(gates=(a_gate(a_rule(operator="==", limit=50)),), checks=checks)
    gate = only_gate(
        judged(plan, some_evidence("one", measured(value=51)), some_evidence("two", measured(value=40)))
    )
    assert gate.rules[0].value == 40


def test_a_check_that_feeds_the_gate_without_a_judged_measure_must_still_deliver() -> None:
    plan = a_plan(checks=(a_check(), a_check(id="target.after", measures=("target.reachable",))))
    gate = only_gate(judged(plan, some_evidence()))
    assert (gate.rules[0].status, gate.status) == ("pass", "undecided")
    foreign = some_evidence("target.after", measured("target.reachable", 1.0), plan="e" * 64)
    assert only_gate(judged(plan, some_evidence(), foreign)).status == "undecided"


def test_a_proof_that_fails_counts_even_where_the_check_measures_nothing_that_is_judged() -> None:
    plan = a_plan(checks=(a_check(), a_check(id="target.after", measures=())))
    after = some_evidence(
        "target.after",
        measured("target.reachable", 1.0),
        proofs=(Proof(name="identity unchanged", ok=False, detail="before a, after b"),),
    )
    gate = only_gate(judged(plan, some_evidence(), after))
    assert (gate.status, gate.rules[0].status) == ("undecided", "pass")
    assert gate.problems == ("check target.after is invalid: identity unchanged: before a, after b",)


def test_evidence_that_json_could_not_spell_is_judged_all_the_same() -> None:
    odd = some_evidence(status="errored", reason="file \udc80 gone")
    assert only_gate(judged(None, odd)).rules[0].reason.endswith("file \udc80 gone")


def test_a_check_that_promised_a_judged_measure_must_record_it() -> None:
    plan = a_plan(checks=(a_check(), a_check(id="other")))
    gate = only_gate(judged(plan, some_evidence(), some_evidence("other", measured("coverage.branch"))))
    assert gate.problems == ("check other promised coverage.line and did not record it",)


def test_a_check_that_promises_a_judged_measure_counts_even_where_it_feeds_another_gate() -> None:
    plan = a_plan(checks=(a_check(), a_check(id="other", gates=("G2",))))
    assert only_gate(judged(plan, some_evidence())).status == "undecided"


def test_a_check_that_was_left_out_keeps_its_gate_undecided() -> None:
    plan = a_plan(not_run=(a_check(id="other"),))
    assert "left out" in only_gate(judged(plan, some_evidence())).problems[0]
    nothing_left = a_plan(checks=(), not_run=(a_check(),))
    assert only_gate(judged(nothing_left)).rules[0].reason.startswith("left out of this run")


def test_a_rule_that_no_check_measures_says_which_instrument_is_lacking() -> None:
    assert "no readiness instrument" in only_gate(judged(a_plan(checks=()))).rules[0].reason


def test_a_check_that_ran_and_recorded_something_else_is_named() -> None:
    gate = only_gate(judged(None, some_evidence("coverage.report", measured("coverage.branch"))))
    assert gate.rules[0].reason == "check coverage.report ran and did not record it"


def test_a_check_that_says_why_it_could_not_measure_is_quoted() -> None:
    told = some_evidence(
        "coverage.report", measured("coverage.branch"), facts={"coverage.line": "no line was asked for"}
    )
    gate = only_gate(judged(None, told))
    assert gate.rules[0].reason == "check coverage.report could not tell: no line was asked for"


def test_a_gate_without_rules_and_a_run_without_gates_are_undecided() -> None:
    assert (
        only_gate(judged(a_plan(gates=(changed(a_gate(), rule=()),)), some_evidence())).status == "undecided"
    )
    assert judged(a_plan(gates=())).result == "UNDECIDED"
    assert overall((), ()) == "UNDECIDED"


FINDINGS = "security.findings.high"


def security(value: float, *fingerprints: str, waivers: tuple[Any, ...] = (), limit: float = 0) -> Judgement:
    rule = a_rule(id=FINDINGS, measure=FINDINGS, operator="<=", limit=limit, unit="count", counts="high")
    plan = a_plan(
        gates=(a_gate(rule, id="G5"),),
        checks=(a_check(gates=("G5",), measures=(FINDINGS,)),),
        waivers=waivers,
    )
    findings = tuple(a_finding("high", fingerprint) for fingerprint in fingerprints)
    return judged(plan, some_evidence("coverage.report", measured(FINDINGS, value), findings=findings))


def test_findings_are_counted_and_the_count_must_be_the_list() -> None:
    assert security(0).result == "PASSED"
    assert security(1, "f1").result == "FAILED"
    assert security(0, "f1").result == "UNDECIDED"
    assert security(2, "f1").result == "UNDECIDED"


def test_findings_that_nobody_counts_keep_the_gate_undecided() -> None:
    rule = a_rule(id=FINDINGS, measure=FINDINGS, operator="<=", limit=0, unit="count", counts="high")
    checks = (
        a_check(gates=("G5",), measures=(FINDINGS,)),
        a_check(id="other", gates=("G5",), measures=("target.reachable",)),
    )
    plan = a_plan(gates=(a_gate(rule, id="G5"),), checks=checks)
    other = some_evidence("other", measured("target.reachable", 1.0), findings=(a_finding("high"),))
    gate = only_gate(judged(plan, some_evidence("coverage.report", measured(FINDINGS, 0.0)), other))
    assert gate.problems == (f"check other lists 1 high findings that {FINDINGS} does not count",)


def test_a_finding_waiver_takes_its_findings_off_the_count() -> None:
    waiver = a_waiver(finding="f1")
    one = security(1, "f1", waivers=(waiver,))
    assert (one.result, one.waivers[0].state, one.gates[0].rules[0].waived) == ("PASSED", "applied", True)
    assert one.gates[0].rules[0].value == 1
    assert "1 waived" in one.gates[0].rules[0].reason
    beside_another = security(2, "f1", "f2", waivers=(waiver,))
    assert (beside_another.result, beside_another.waivers[0].state) == ("FAILED", "applied")
    assert security(2, "f1", "f1", waivers=(waiver,)).result == "PASSED"


def test_a_finding_waiver_of_a_rule_that_nobody_can_tell_is_not_called_unused() -> None:
    rule = a_rule(id=FINDINGS, measure=FINDINGS, operator="<=", limit=0, unit="count", counts="high")
    checks = tuple(a_check(id=name, gates=("G5",), measures=(FINDINGS,)) for name in ("code", "fuzz"))
    plan = a_plan(gates=(a_gate(rule, id="G5"),), checks=checks, waivers=(a_waiver(finding="f1"),))
    found = some_evidence("code", measured(FINDINGS, 1.0), findings=(a_finding("high", "f1"),))
    doubtful = some_evidence(
        "fuzz", measured(FINDINGS, 0.0), proofs=(Proof(name="canary", ok=False, detail="missed"),)
    )
    judgement = judged(plan, found, doubtful)
    assert (judgement.result, judgement.waivers[0].state) == ("UNDECIDED", "applied")


def test_a_finding_waiver_that_nothing_needs_is_unused() -> None:
    (use,) = security(1, "f1", waivers=(a_waiver(finding="f1"),), limit=1).waivers
    assert use.state == "unused"
    (use,) = security(0, waivers=(a_waiver(finding="f1"),)).waivers
    assert (use.state, use.detail) == ("unused", "nothing fails that it would excuse; remove it")


def test_a_rule_waiver_excuses_a_failure_and_stands_in_the_verdict() -> None:
    judgement = judged(a_plan(waivers=(a_waiver(),)), some_evidence("coverage.report", measured(value=10.0)))
    (rule,) = only_gate(judgement).rules
    assert (judgement.result, rule.status, rule.waived) == ("PASSED", "pass", True)
    assert rule.reason.endswith("waived by ann@example.org: known")
    assert judgement.waivers[0].state == "applied"
    assert rule.next_step == "mend it"


def test_a_waiver_never_turns_undecided_into_pass() -> None:
    plan = a_plan(waivers=(a_waiver(),), checks=(a_check(), a_check(id="other")))
    failing = some_evidence("coverage.report", measured(value=10.0))
    thin = some_evidence("other", measured(n=0))
    assert judged(plan).result == "UNDECIDED"
    assert only_gate(judged(plan, failing, thin)).rules[0].status == "undecided"


def test_a_waived_verdict_is_shown_before_a_clean_one() -> None:
    plan = a_plan(waivers=(a_waiver(),), checks=(a_check(), a_check(id="other")))
    judgement = judged(plan, some_evidence(), some_evidence("other", measured(value=10.0)))
    assert only_gate(judgement).rules[0].waived


def test_an_expired_waiver_excuses_nothing_and_fails_the_run() -> None:
    plan = a_plan(waivers=(a_waiver(expires=NOW),))
    good, bad = some_evidence(), some_evidence("coverage.report", measured(value=10.0))
    assert judged(plan, bad).gates[0].status == "fail"
    judgement = judged(plan, good)
    assert (judgement.gates[0].status, judgement.result) == ("pass", "FAILED")
    assert judgement.waivers[0].state == "expired"


def test_a_waiver_for_another_subject_is_unused_and_one_for_this_subject_applies() -> None:
    bad = some_evidence("coverage.report", measured(value=10.0))
    other = judged(a_plan(waivers=(a_waiver(subject="b" * 64),)), bad)
    assert (other.result, other.waivers[0].state) == ("FAILED", "unused")
    assert "another" not in other.waivers[0].detail
    assert judged(a_plan(waivers=(a_waiver(subject="sha256:" + "a" * 64),)), bad).result == "PASSED"


def test_all_gates_earn_gold_and_one_waiver_costs_it() -> None:
    plan = full_plan()
    items = passing_evidence(plan)
    assert judge(plan, DIGEST, items, NOW).level == "gold"
    items[0] = some_evidence(items[0].check, measured("coverage.line", 10.0))
    assert judge(plan, DIGEST, items, NOW).level == "silver"
    judgement = judge(changed(plan, waivers=(a_waiver(),)), DIGEST, items, NOW)
    assert (judgement.result, judgement.level) == ("PASSED", "silver")
    assert judgement.level_reasons == ("not gold: it allows no waiver (G1:coverage.line)",)


def test_gold_needs_standard_intensity() -> None:
    plan = full_plan(intensity="smoke")
    judgement = judge(plan, DIGEST, passing_evidence(plan), NOW)
    assert judgement.level == "silver"
    assert judgement.level_reasons == ("not gold: it needs intensity standard, this run was smoke",)


def test_a_baseline_earns_no_level() -> None:
    plan = full_plan(mode="baseline", intensity="full")
    judgement = judge(plan, DIGEST, passing_evidence(plan), NOW)
    assert (judgement.result, judgement.level) == ("PASSED", "none")
    assert len(judgement.level_reasons) == 3


def test_a_level_that_names_no_gate_or_an_absent_one_is_not_earned() -> None:
    empty = Level(id="gold", gates=(), waivers=True, intensity="smoke")
    assert best_level((empty,), (), "real", "full")[0] == "none"
    level, reasons = best_level(SHIPPED.levels, (), "real", "full")
    assert level == "none"
    assert "G1 absent" in reasons[0]


def test_time_is_taken_from_the_caller() -> None:
    plan = a_plan(waivers=(a_waiver(),))
    assert judge(plan, DIGEST, (), NOW + timedelta(days=2)).waivers[0].state == "expired"


@pytest.mark.parametrize(
    ("lower", "upper", "status"),
    [(0.0, 0.4, "pass"), (0.0, 1.7, "undecided"), (0.6, 1.7, "fail"), (None, 1.7, "fail")],
)
def test_a_measure_on_both_sides_of_its_limit_decides_nothing_where_the_rule_says_so(
    lower: float | None, upper: float, status: str
) -> None:
    growing = a_rule(bound="upper", operator="<=", limit=0.5, between="undecided")
    value = upper if lower is None else (lower + upper) / 2
    evidence = some_evidence("coverage.report", measured(value=value, lower=lower, upper=upper))
    (rule,) = only_gate(judged(a_plan(gates=(a_gate(growing),)), evidence)).rules
    assert rule.status == status
    if status == "undecided":
        assert "lies between 0 and 1.7 %, on both sides of <= 0.5" in rule.reason
    strict = a_rule(bound="upper", operator="<=", limit=0.5)
    (rule,) = only_gate(judged(a_plan(gates=(a_gate(strict),)), evidence)).rules
    assert rule.status == ("pass" if upper <= 0.5 else "fail")


def counting_plan(limit: float) -> Any:
    rule = a_rule(
        id="high", measure="security.findings.high", operator="<=", limit=limit, unit="count", counts="high"
    )
    checks = tuple(
        a_check(id=name, gates=("G5",), measures=("security.findings.high",)) for name in ("code", "tls")
    )
    return a_plan(gates=(a_gate(rule, id="G5"),), checks=checks)


def with_findings(check: str, count: int) -> Any:
    findings = tuple(a_finding(severity="high", fingerprint=f"{check}-{number}") for number in range(count))
    return some_evidence(
        check=check, measures=(measured("security.findings.high", count, n=5),), findings=findings
    )


@pytest.mark.parametrize(("limit", "status"), [(1, "fail"), (2, "pass")])
def test_a_limit_on_findings_holds_for_all_checks_together(limit: float, status: str) -> None:
    judgement = judged(counting_plan(limit), with_findings("code", 1), with_findings("tls", 1))
    (rule,) = only_gate(judgement).rules
    assert (rule.status, rule.value) == (status, 2)
    assert "over 2 checks" in rule.reason


def test_a_check_in_doubt_is_not_made_good_by_the_sum_of_the_others() -> None:
    doubtful = changed(with_findings("tls", 0), proofs=(Proof(name="complete", ok=False, detail="no"),))
    judgement = judged(counting_plan(5), with_findings("code", 1), doubtful)
    assert judgement.result == "UNDECIDED"
    both = judged(counting_plan(5), changed(doubtful, check="code"), doubtful)
    assert both.result == "UNDECIDED"


def test_findings_waived_in_two_checks_are_all_deducted() -> None:
    plan = changed(
        counting_plan(0), waivers=tuple(a_waiver(finding=f"{name}-0", rule="") for name in ("code", "tls"))
    )
    judgement = judged(plan, with_findings("code", 1), with_findings("tls", 1))
    (rule,) = only_gate(judgement).rules
    assert (rule.status, rule.waived) == ("pass", True)
    assert "2 waived" in rule.reason


@pytest.mark.parametrize(("limit", "status"), [(60, "fail"), (120, "undecided")])
def test_a_time_whose_end_was_never_seen_fails_below_what_was_watched_and_never_passes(
    limit: float, status: str
) -> None:
    rule = a_rule(id="back", measure="coverage.line", operator="<=", limit=limit, unit="%", bound="upper")
    censored = measured(value=61.0, lower=61.0, upper=None)
    judgement = judged(a_plan(gates=(a_gate(rule),)), some_evidence("coverage.report", censored))
    assert only_gate(judgement).rules[0].status == status


def test_the_intensity_bounds_the_level() -> None:
    assert [highest_at(SHIPPED.levels, name) for name in ("smoke", "standard", "full")] == [
        "silver",
        "gold",
        "gold",
    ]
    assert highest_at((), "full") == "none"
