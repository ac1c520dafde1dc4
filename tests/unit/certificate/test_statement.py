"""The statement: a judged run as it is signed."""

import hashlib

import msgspec

from battery.certificate.statement import account_for_checks, list_evidence, make_statement, root_of
from battery.model.certificate import BASELINE_TYPE, CERTIFICATE_TYPE, STATEMENT_TYPE
from battery.model.evidence import Evidence
from tests.fakes.certified_run import MADE, VALID, CertifiedRun, make_evidence, make_plan


def test_the_type_says_whether_the_run_was_real(certified: CertifiedRun, baseline: CertifiedRun) -> None:
    assert (certified.statement.type_, certified.statement.predicate_type) == (
        STATEMENT_TYPE,
        CERTIFICATE_TYPE,
    )
    assert baseline.statement.predicate_type == BASELINE_TYPE
    assert (certified.statement.is_baseline, baseline.statement.is_baseline) == (False, True)


def test_in_doubt_a_statement_is_a_baseline(baseline: CertifiedRun) -> None:
    lying = msgspec.structs.replace(baseline.statement, predicate_type=CERTIFICATE_TYPE)
    assert lying.is_baseline


def test_on_the_wire_it_is_spelled_as_in_toto_is(certified: CertifiedRun) -> None:
    value = msgspec.json.decode(certified.payload)
    assert set(value) == {"_type", "subject", "predicateType", "predicate"}
    assert set(value["subject"][0]) == {"name", "digest"}
    assert value["predicate"]["timeVerified"] == "2026-03-01T12:00:00Z"
    assert value["predicate"]["validUntil"] == "2026-03-08T12:00:00Z"


def test_every_check_is_accounted_for_and_a_missing_one_is_named() -> None:
    plan = make_plan()
    evidence = list(make_evidence(plan))[1:]
    marked: Evidence = msgspec.structs.replace(evidence[0], status="missing")
    checks = account_for_checks(plan, (marked, *evidence[1:]))
    assert checks.missing == (plan.checks[0].id, plan.checks[1].id)
    assert checks.executed == tuple(check.id for check in plan.checks[2:])


def test_the_list_of_evidence_is_sorted_and_names_kinds_and_digests() -> None:
    listed = list_evidence({"plan.json": b"p", "blobs/x": b"b", "evidence/a.json": b"e"})
    assert [(item.name, item.media_type) for item in listed.items] == [
        ("blobs/x", "application/octet-stream"),
        ("evidence/a.json", "application/json"),
        ("plan.json", "application/json"),
    ]
    assert listed.items[0].sha256 == hashlib.sha256(b"b").hexdigest()
    assert listed.merkle_root == root_of(listed.items)


def test_identity_is_empty_where_no_check_asked(certified: CertifiedRun) -> None:
    run = msgspec.structs.replace(certified.run, evidence=())
    statement = make_statement(run, certified.items, {}, MADE + VALID, "")
    assert statement.predicate.target.identity.before == ""
    assert certified.statement.predicate.target.identity.before == "v1"
