from collections.abc import Callable, Mapping
from datetime import timedelta

import msgspec

from battery.model.evidence import Evidence, Proof
from battery.model.plan import Plan
from battery.model.run import Run
from battery.model.verdict import GateVerdict
from battery.model.waiver import Waiver
from battery.report.found import found_text
from battery.report.gate_text import RuleText, gate_reason, is_unmeasured, problem_texts, troubles
from battery.report.next_step import LEFT_OUT, NO_CHECK, check_step


def gate(run: Run, name: str) -> GateVerdict:
    return next(verdict for verdict in run.judgement.gates if verdict.gate == name)


def only_trouble(run: Run, name: str) -> RuleText:
    (trouble,) = troubles(run, gate(run, name))
    return trouble


def test_a_failure_names_measure_value_limit_evidence_and_next_step(runs: Mapping[str, Run]) -> None:
    fields = dict(only_trouble(runs["failing"], "G2").fields("artifacts/x/"))
    assert fields["measure"] == "load.p3.p99"
    assert fields["value"] == "1240 ms (upper bound), n = 5000"
    assert fields["limit"] == "upper bound <= 800 ms"
    assert fields["evidence"] == "artifacts/x/evidence/tail-latency.all.json"
    assert fields["next step"].startswith("Open the histogram")


def test_a_failure_quotes_the_findings_that_its_rule_counts(make_run: Callable[..., Run]) -> None:
    run = make_run({"security.findings.critical": 5.0})
    found = dict(only_trouble(run, "G5").fields())["found"]
    assert found.startswith("SQL built from a request parameter (sql-injection, app/orders.py:0); ")
    assert found.endswith("; and 2 more")


def test_a_finding_is_hidden_by_a_waiver_in_force_only(make_run: Callable[..., Run]) -> None:
    def found(days: int) -> str:
        def waived(plan: Plan) -> Plan:
            expires = plan.created + timedelta(days=days)
            known = Waiver(finding="f0", reason="known", owner="ada", expires=expires)
            return msgspec.structs.replace(plan, waivers=(known,))

        run = make_run({"security.findings.critical": 2.0}, plan=waived)
        return dict(only_trouble(run, "G5").fields())["found"]

    assert "orders.py:0" not in found(30)
    assert "orders.py:1" in found(30)
    assert "orders.py:0" in found(-1)


def test_evidence_in_doubt_is_not_quoted(make_run: Callable[..., Run]) -> None:
    def doubted(item: Evidence) -> Evidence:
        return msgspec.structs.replace(item, proofs=(Proof(name="canary", ok=False, detail="missed"),))

    run = make_run({"security.findings.critical": 2.0})
    rule = next(rule for rule in gate(run, "G5").rules if rule.status == "fail")
    doubtful = msgspec.structs.replace(run, evidence=tuple(map(doubted, run.evidence)))
    assert found_text(run, rule) != ""
    assert found_text(doubtful, rule) == ""


def test_a_failure_quotes_what_the_check_noted_of_the_measure(make_run: Callable[..., Run]) -> None:
    def noted(item: Evidence) -> Evidence:
        measures = (msgspec.structs.replace(one, note=f"{one.name} in main.py") for one in item.measures)
        return msgspec.structs.replace(item, measures=tuple(measures))

    fields = dict(only_trouble(make_run({"coverage.line": 1.0}, evidence=noted), "G1").fields())
    assert fields["found"] == "coverage.line in main.py"


def test_rules_undecided_for_one_reason_become_one(runs: Mapping[str, Run]) -> None:
    trouble = only_trouble(runs["undecided"], "G4")
    number = len(trouble.rules)
    assert number == len(gate(runs["undecided"], "G4").rules)
    assert trouble.name == f"{number} rules"
    named = "chaos.restart.recovery, chaos.network.recovery, chaos.dependency.recovery"
    assert f"{named} and {number - 3} more" in trouble.reason
    assert trouble.next_step == NO_CHECK
    assert is_unmeasured(runs["undecided"], gate(runs["undecided"], "G4"))


def test_failures_are_never_folded(make_run: Callable[..., Run]) -> None:
    run = make_run({"coverage.line": 1.0, "coverage.branch": 1.0})
    assert [trouble.name for trouble in troubles(run, gate(run, "G1"))] == [
        "coverage.line",
        "coverage.branch",
    ]
    assert gate_reason(gate(run, "G1")).endswith("(and 1 more)")


def test_each_way_to_lack_evidence_has_its_own_next_step(runs: Mapping[str, Run]) -> None:
    run = runs["interrupted"]
    steps = {name: only_trouble(run, name).next_step for name in ("G1", "G2", "G3", "G4", "G7", "G8")}
    assert "without recording" in steps["G1"]
    assert "the evidence, not the target, is in doubt" in steps["G2"]
    assert "collect more samples" in steps["G3"]
    assert steps["G4"] == f"finish the run: battery certify --resume {run.folder}"
    assert "traceback" in steps["G7"]
    assert "the reason names what is missing" in steps["G8"]


def test_what_a_failed_check_left_is_named_as_evidence(runs: Mapping[str, Run]) -> None:
    assert only_trouble(runs["interrupted"], "G7").evidence == ("evidence/bootstrap.all.json",)
    assert only_trouble(runs["interrupted"], "G4").evidence == ()


def test_a_check_left_out_is_run_by_leaving_out_nothing(make_run: Callable[..., Run]) -> None:
    def leave_out(plan: Plan) -> Plan:
        return msgspec.structs.replace(plan, checks=plan.checks[1:], not_run=plan.checks[:1])

    run = make_run(plan=leave_out, evidence=lambda item: None if item.gates == ("G1",) else item)
    assert {trouble.next_step for trouble in troubles(run, gate(run, "G1"))} == {LEFT_OUT}
    assert check_step(run, "coverage.all") == LEFT_OUT


def test_a_doubt_without_a_remedy_keeps_the_advice_of_its_rule(make_run: Callable[..., Run]) -> None:
    run = make_run(evidence=lambda item: msgspec.structs.replace(item, mode="baseline"))
    assert only_trouble(run, "G7").next_step.startswith("Open the timed steps")


def test_a_check_that_no_rule_speaks_of_is_a_problem_of_its_own(make_run: Callable[..., Run]) -> None:
    def add_check(plan: Plan) -> Plan:
        extra = msgspec.structs.replace(plan.checks[0], id="coverage.all.twice", measures=())
        return msgspec.structs.replace(plan, checks=(*plan.checks, extra))

    run = make_run(plan=add_check)
    (problem,) = problem_texts(run, gate(run, "G1"))
    assert problem.name == "coverage.all.twice"
    assert problem.next_step.startswith("finish the run")
    assert gate_reason(gate(run, "G1")) == "check coverage.all.twice was planned and did not run"


def test_a_problem_that_names_no_check_still_stands(make_run: Callable[..., Run]) -> None:
    run = make_run()
    verdict = msgspec.structs.replace(gate(run, "G1"), status="undecided", problems=("the sky fell",))
    (problem,) = problem_texts(run, verdict)
    assert (problem.name, problem.next_step, problem.evidence) == ("evidence", "", ())


def test_a_pass_says_how_many_rules_hold_and_which_are_waived(runs: Mapping[str, Run]) -> None:
    assert gate_reason(gate(runs["passing"], "G7")) == "2 rules hold"
    waived = gate(runs["waived"], "G2")
    assert gate_reason(waived) == f"{len(waived.rules) - 1} rules hold, 1 waived: load.p3.p99"
    assert not is_unmeasured(runs["passing"], gate(runs["passing"], "G7"))


def test_a_gate_without_rules_never_sounds_like_a_pass() -> None:
    assert gate_reason(GateVerdict(gate="G1", title="t", status="pass", rules=())) == "no rule was judged"
