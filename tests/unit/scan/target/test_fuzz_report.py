"""schemathesis' report: what is read is strict, what is not read is ignored."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.target.fuzz_report import Failure, read_report, rule_of

REPORT = {
    "schemathesis_version": "4.32.5",
    "complete": True,
    "stop_reason": "completed",
    "operations": {"total": 1, "selected": 1, "tested": 1},
    "test_cases": {"generated": 3, "errored": 0},
    "failures": [{"type": "ServerError", "title": "Server error", "operations": ["GET /a"], "severity": "x"}],
    "unknown": 1,
}


def test_a_report_is_read() -> None:
    report = read_report(json.dumps(REPORT).encode())
    assert report.operations.tested == 1
    assert [rule_of(failure) for failure in report.failures] == ["target.fuzz.server-error"]


@pytest.mark.parametrize("missing", ["complete", "operations", "failures"])
def test_a_report_without_what_decides_is_refused(missing: str) -> None:
    with pytest.raises(ValueError):
        read_report(json.dumps({name: value for name, value in REPORT.items() if name != missing}).encode())


@given(st.binary(max_size=60))
def test_no_bytes_break_it(data: bytes) -> None:
    with pytest.raises(ValueError):
        read_report(data)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("IgnoredAuth", "ignored-auth"),
        ("JsonSchemaError", "schema-violation"),
        ("SomethingNew", "schema-violation"),
    ],
)
def test_every_kind_of_failure_has_a_rule(kind: str, rule: str) -> None:
    assert rule_of(Failure(type=kind, title="", operations=[])) == f"target.fuzz.{rule}"
