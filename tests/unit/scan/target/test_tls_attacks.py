"""sslyze's results: each defect by its rule, and what came to no result is no green."""

from typing import Any

import pytest

from battery.scan.rules import scan_rules
from battery.scan.target.notes import Notes
from battery.scan.target.tls_attacks import ATTACKS, Attempt, judge_report

HEALTHY: dict[str, dict[str, Any]] = {
    "heartbleed": {"is_vulnerable_to_heartbleed": False},
    "openssl_ccs_injection": {"is_vulnerable_to_ccs_injection": False},
    "robot": {"robot_result": "NOT_VULNERABLE_NO_ORACLE"},
    "tls_compression": {"supports_compression": False},
    "session_renegotiation": {
        "supports_secure_renegotiation": True,
        "is_vulnerable_to_client_renegotiation_dos": False,
        "client_renegotiations_success_count": 0,
    },
}
RENEGOTIATION = HEALTHY["session_renegotiation"]


def judged(results: dict[str, dict[str, Any] | None]) -> Notes:
    notes = Notes()
    notes.plan(*(attack.name for attack in ATTACKS))
    attempts = {key: Attempt(status="COMPLETED", result=result) for key, result in results.items()}
    judge_report({**attempts}, notes, "https://shop.example")
    return notes


def test_a_server_without_defects_has_no_finding_and_everything_was_tried() -> None:
    notes = judged({**HEALTHY})
    assert notes.found == ()
    assert notes.ledger().scanned == len(ATTACKS)
    assert notes.doubts() == ()


@pytest.mark.parametrize(
    ("key", "result", "rule", "severity"),
    [
        ("heartbleed", {"is_vulnerable_to_heartbleed": True}, "heartbleed", "critical"),
        ("openssl_ccs_injection", {"is_vulnerable_to_ccs_injection": True}, "ccs-injection", "high"),
        ("robot", {"robot_result": "VULNERABLE_WEAK_ORACLE"}, "robot", "high"),
        ("tls_compression", {"supports_compression": True}, "compression", "medium"),
        (
            "session_renegotiation",
            {
                **RENEGOTIATION,
                "is_vulnerable_to_client_renegotiation_dos": True,
                "client_renegotiations_success_count": 10,
            },
            "renegotiation",
            "medium",
        ),
        (
            "session_renegotiation",
            {**RENEGOTIATION, "supports_secure_renegotiation": False},
            "renegotiation",
            "medium",
        ),
    ],
)
def test_each_defect_is_found_by_its_rule(key: str, result: dict[str, Any], rule: str, severity: str) -> None:
    notes = judged({**HEALTHY, key: result})
    (found,) = notes.found
    assert found.rule == f"target.tls.{rule}"
    assert found.excerpt
    assert scan_rules()[found.rule].severity == severity


@pytest.mark.parametrize(
    ("key", "result"),
    [
        ("robot", {"robot_result": "UNKNOWN_INCONSISTENT_RESULTS"}),
        ("heartbleed", {}),
        ("tls_compression", None),
    ],
)
def test_what_came_to_no_result_was_not_tried(key: str, result: dict[str, Any] | None) -> None:
    notes = judged({**HEALTHY, key: result})
    assert notes.found == ()
    assert notes.ledger().scanned == len(ATTACKS) - 1
    assert "sslyze came to no result" in notes.doubts()[0]


def test_a_test_that_broke_or_is_not_there_is_told_with_its_reason() -> None:
    notes = Notes()
    notes.plan(*(attack.name for attack in ATTACKS))
    broken = Attempt(status="ERROR", error_reason="CONNECTIVITY_ISSUE")
    judge_report({"robot": broken}, notes, "https://shop.example")
    reasons = {skipped.what: skipped.reason for skipped in notes.ledger().skipped}
    assert reasons["ROBOT"].endswith("CONNECTIVITY_ISSUE")
    assert reasons["Heartbleed"].endswith("not among its results")
