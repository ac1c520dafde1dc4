"""Step 15: a verdict that does not follow from what it shows is refused, whoever signed it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest

from battery.certificate.issue import issue
from battery.certificate.statement import list_evidence
from battery.certificate.verification import Outcome, verify
from battery.model.certificate import Statement
from battery.store import evidence_name
from tests.fakes.certified_run import SIGNER, CertifiedRun, certify, forge, make_demands, make_plan, refused

ROW = "predicate.gates.1.rules.0"  # G2:load.p1.p99, upper bound, at most 800 ms, at least 299 samples


@pytest.mark.parametrize(
    "changes",
    [
        {"predicate.gates.0.status": "pass", "predicate.verificationResult": "PASSED"},
        {"predicate.verificationResult": "PASSED"},
        {"predicate.verificationResult": "UNDECIDED"},
        {"predicate.level": "gold"},
        {"predicate.level": "none"},
        {"predicate.gates.0.rules.0.status": "pass"},
        {
            "predicate.gates.0.rules.0.status": "pass",
            "predicate.gates.0.status": "pass",
            "predicate.verificationResult": "PASSED",
            "predicate.level": "gold",
        },
    ],
)
def test_a_verdict_edited_by_the_signer_is_refused(failing: CertifiedRun, changes: dict[str, Any]) -> None:
    refused(forge(failing, changes), Outcome.NOT_TRUSTED, 15)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"value": 800.1}, "does not hold"),
        ({"value": 1e300}, "does not hold"),
        ({"value": None}, "without a value"),
        ({"n": 298}, "298 samples"),
        ({"n": None}, "0 samples"),
        ({"n": 0}, "no samples"),
        ({"n": -1}, "no samples"),
        ({"status": "fail"}, "do not add up"),
        ({"status": "undecided"}, "do not add up"),
    ],
)
def test_a_row_that_contradicts_its_own_numbers_is_refused(
    certified: CertifiedRun, changes: dict[str, Any], reason: str
) -> None:
    data = forge(certified, {f"{ROW}.{name}": value for name, value in changes.items()})
    assert reason in refused(data, Outcome.NOT_TRUSTED, 15)


def test_a_row_that_fails_although_its_value_holds_is_refused(certified: CertifiedRun) -> None:
    changes = {f"{ROW}.status": "fail", "predicate.gates.1.status": "fail"}
    assert "does hold" in refused(forge(certified, changes), Outcome.NOT_TRUSTED, 15)


def test_a_failing_count_of_findings_may_be_lowered_by_waivers_so_its_row_is_not_questioned(
    failing: CertifiedRun,
) -> None:
    row = "predicate.gates.4.rules.0"
    changes = {f"{row}.status": "fail", "predicate.gates.4.status": "fail", "predicate.level": "none"}
    refused(forge(failing, changes), Outcome.NOT_CERTIFIED, 18)
    refused(forge(failing, changes), Outcome.NOT_TRUSTED, 15, make_demands(evidence=failing.items))


def test_a_row_that_is_waived_and_does_not_pass_is_refused() -> None:
    from datetime import timedelta

    from battery.model.waiver import Waiver
    from tests.fakes.certified_run import MADE, make_evidence

    waiver = Waiver(rule="G1:coverage.line", reason="r", owner="o", expires=MADE + timedelta(days=1))
    plan = make_plan(waivers=(waiver,))
    certified = certify(plan, make_evidence(plan, {"coverage.line": 80.0}))
    changes = {"predicate.gates.0.rules.0.status": "fail", "predicate.gates.0.status": "fail"}
    assert "is waived, and fail" in refused(forge(certified, changes), Outcome.NOT_TRUSTED, 15)


def test_a_gate_with_problems_does_not_pass(certified: CertifiedRun) -> None:
    data = forge(certified, {"predicate.gates.0.problems": ["check x errored"]})
    assert "do not add up" in refused(data, Outcome.NOT_TRUSTED, 15)


def test_an_expired_waiver_keeps_a_result_from_passing(certified: CertifiedRun) -> None:
    """Step 12 refuses it before; the sum of the gates would, too."""
    from battery.judging.judge import overall
    from battery.model.waiver import Waiver, WaiverUse

    waiver = Waiver(rule="G1:x", reason="r", owner="o", expires=certified.run.finished)
    use = WaiverUse(waiver=waiver, state="expired", detail="")
    assert overall(certified.statement.predicate.gates, [use]) == "FAILED"


FREE: dict[str, Any] = {
    "subject.0.name": "other.tar",
    "predicate.verifier.version": "9.9.9",
    "predicate.resourceUri": "https://other.example",
    "predicate.environment": "production",
    "predicate.policy.files": [],
    "predicate.policy.changes": [{"rule": "G1:x", "shipped": "a", "used": "b", "loosened": False}],
    "predicate.run.id": "another-run",
    "predicate.run.scenario": "failing",
    "predicate.run.nonce": "another",
    "predicate.run.seed": 8,
    "predicate.run.started": "2026-03-01T11:45:00Z",
    "predicate.run.proofs": [],
    "predicate.gates.1.rules.0.value": 399.0,
    "predicate.gates.1.rules.0.reason": "trust me",
    "predicate.gates.1.title": "other",
    "predicate.target.identity.before": "v0",
    "predicate.target.identity.after": "v2",
}


@pytest.mark.parametrize(("path", "value"), FREE.items())
def test_a_statement_that_its_evidence_does_not_lead_to_is_refused(
    certified: CertifiedRun, path: str, value: Any
) -> None:
    data = forge(certified, {path: value})
    assert verify(data, make_demands()).outcome is Outcome.ACCEPTED, "only the evidence can tell"
    demands = make_demands(evidence=certified.items)
    assert "recomputed" in refused(data, Outcome.NOT_TRUSTED, 15, demands)


def test_an_intensity_that_the_run_did_not_have_is_refused() -> None:
    smoke = certify(make_plan(intensity="smoke"))
    assert smoke.statement.predicate.level == "silver"
    changes = {"predicate.run.intensity": "full", "predicate.level": "gold"}
    refused(forge(smoke, changes), Outcome.NOT_TRUSTED, 15, make_demands(evidence=smoke.items))


def test_what_is_known_only_outside_of_the_evidence_may_differ(certified: CertifiedRun) -> None:
    changes = {
        "predicate.run.harness": {"python": "3.13", "PYTHON_": "x"},
        "predicate.validUntil": "2026-03-02T12:00:00Z",
        "predicate.previousCertificate": "0" * 64,
    }
    demands = make_demands(evidence=certified.items)
    assert verify(forge(certified, changes), demands).outcome is Outcome.ACCEPTED


def resigned(certified: CertifiedRun, items: Mapping[str, bytes]) -> bytes:
    """The same verdicts, signed over other evidence: what a dishonest holder of the key could do."""
    predicate = certified.statement.predicate
    run = msgspec.structs.replace(predicate.run, plan=hashlib.sha256(items["plan.json"]).hexdigest())
    changed = msgspec.structs.replace(predicate, run=run, evidence=list_evidence(items))
    statement: Statement = msgspec.structs.replace(certified.statement, predicate=changed)
    return issue(statement, SIGNER)[1]


def edited_evidence(
    certified: CertifiedRun, gate: str, edit: Callable[[dict[str, Any]], None]
) -> dict[str, bytes]:
    name = evidence_name(f"check_{gate.lower()}.py::{gate}")
    value = json.loads(certified.items[name])
    edit(value)
    return {**certified.items, name: json.dumps(value).encode()}


EDITS: dict[str, Callable[[dict[str, Any]], None]] = {
    "a worse value": lambda value: value["measures"][0].update(value=1e6, upper=1e6),
    "another mode": lambda value: value.update(mode="baseline"),
    "another plan": lambda value: value.update(plan="0" * 64),
    "an error": lambda value: value.update(status="errored", reason="boom"),
    "a proof that failed": lambda value: value["proofs"][0].update(ok=False),
    "too few samples": lambda value: value["measures"][0].update(n=3),
    "no measures": lambda value: value.update(measures=[]),
    "a measure twice, the second time worse": lambda value: value["measures"].append(
        {**value["measures"][0], "upper": 1e6}
    ),
    "a blob that is not there": lambda value: value["blobs"][0].update(sha256="0" * 64),
    "an empty blob that is not there": lambda value: value["blobs"][0].update(
        sha256=hashlib.sha256().hexdigest()
    ),
    "another check's evidence": lambda value: value.update(check="check_g3.py::G3"),
    "an unknown field": lambda value: value.update(passed=True),
    "a wrong type": lambda value: value["measures"][0].update(value="fast"),
    "not a number": lambda value: value["measures"][0].update(upper=float("nan")),
    "infinity": lambda value: value["measures"][0].update(upper=float("inf")),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_verdicts_over_evidence_that_says_otherwise_are_refused(
    certified: CertifiedRun, edit: Callable[[dict[str, Any]], None]
) -> None:
    items = edited_evidence(certified, "G2", edit)
    data = resigned(certified, items)
    assert verify(data, make_demands()).outcome is Outcome.ACCEPTED, "only the evidence can tell"
    refused(data, Outcome.NOT_TRUSTED, 15, make_demands(evidence=items))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.replace(b'"status":', b'"status": "errored", "status":', 1),
        lambda data: data.replace(b'"upper":', b'"upper": NaN, "uppeR":', 1),
        lambda data: data.replace(b'"upper":', b'"upper": 1e999, "lower":', 1),
        lambda data: data + b"{}",
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: b"\xff",
        lambda data: b"",
        lambda data: b"[" * 100_000,
        lambda data: b'"\\ud800"',
    ],
)
def test_evidence_that_two_readers_could_read_differently_is_refused(
    certified: CertifiedRun, spoil: Callable[[bytes], bytes]
) -> None:
    for name in (evidence_name("check_g2.py::G2"), "plan.json"):
        items = {**certified.items, name: spoil(certified.items[name])}
        if items == certified.items:
            continue
        demands = make_demands(evidence=items)
        assert (
            name in refused(resigned(certified, items), Outcome.NOT_TRUSTED, 15, demands)
            or name == "plan.json"
        )


def edited_plan(certified: CertifiedRun, edit: Callable[[dict[str, Any]], None]) -> dict[str, bytes]:
    value = json.loads(certified.items["plan.json"])
    edit(value)
    return {**certified.items, "plan.json": json.dumps(value).encode()}


PLANS: dict[str, Callable[[dict[str, Any]], None]] = {
    "another format": lambda plan: plan.update(format=2),
    "another run": lambda plan: plan.update(run="another"),
    "looser gates": lambda plan: plan["gates"][0]["rule"][0].update(limit=1),
    "no gates": lambda plan: plan.update(gates=[]),
    "easier levels": lambda plan: plan["levels"][0].update(gates=["G1"]),
    "fewer checks": lambda plan: plan["checks"].pop(),
    "another subject": lambda plan: plan["subject"].update(sha256="0" * 64),
    "a waiver without a zone": lambda plan: plan.update(
        waivers=[{"rule": "G1:x", "reason": "r", "owner": "o", "expires": "2026-04-01T00:00:00"}]
    ),
}


@pytest.mark.parametrize("edit", PLANS.values(), ids=PLANS.keys())
def test_a_certificate_over_another_plan_is_refused(
    certified: CertifiedRun, edit: Callable[[dict[str, Any]], None]
) -> None:
    items = edited_plan(certified, edit)
    refused(resigned(certified, items), Outcome.NOT_TRUSTED, 15, make_demands(evidence=items))


def test_a_plan_of_another_format_says_so(certified: CertifiedRun) -> None:
    items = edited_plan(certified, PLANS["another format"])
    demands = make_demands(evidence=items)
    assert "format 2" in refused(resigned(certified, items), Outcome.NOT_TRUSTED, 15, demands)


def test_variables_that_differ_by_case_only_may_stand_in_a_plan() -> None:
    from battery.model.definition import Definition
    from battery.model.target import Process

    process = Process(command=("serve",), env={"http_proxy": "x", "HTTP_PROXY": "y"})
    certified = certify(make_plan(definition=Definition(process=process)))
    assert verify(certified.bundle, make_demands(evidence=certified.items)).outcome is Outcome.ACCEPTED
