"""SARIF against the schema of the standard itself, as it lies in npm's @microsoft/jest-sarif; none of its code is run."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped] # ships no types
import pytest

from battery.model.waiver import Waiver
from battery.scan.findings import findings_of
from battery.scan.interface import Found, Ledger, ScanResult
from battery.scan.rules import scan_rules
from battery.scan.sarif import sarif

KEY = b"k"
FILE = Path("@microsoft") / "jest-sarif" / "lib" / "schemas" / "sarif-2.1.0-rtm.5.json"
Check = Any  # a validator of jsonschema, which ships no types


@pytest.fixture
def standard(npm_modules: Path) -> Check:
    """What judges a document by the standard's schema."""
    file = npm_modules / FILE
    if not file.is_file():
        message = "npm's @microsoft/jest-sarif is not installed: .ci/install-tools installs it"
        if os.environ.get("BATTERY_REQUIRE_REAL") == "1":
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    schema = json.loads(file.read_bytes())
    assert "SARIF" in schema["title"]
    assert "2.1.0" in schema["title"]
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    return validator(schema)


def document(*found: Found, reasons: tuple[str, ...] = (), waived: bool = False) -> dict[str, Any]:
    reported = findings_of(found, KEY)
    scan = ScanResult(
        scanner="code", found=(), ledger=Ledger(discovered=0, scanned=0), canaries=(), incomplete=reasons
    )
    expires = datetime(2030, 1, 1, tzinfo=UTC)
    waivers = [
        Waiver(finding=item.finding.fingerprint, reason="a test", owner="ann", expires=expires)
        for item in reported[: int(waived)]
    ]
    parsed: dict[str, Any] = json.loads(sarif(reported, (scan,), waivers))
    return parsed


FOUND = (
    Found(rule="code.B602", where="app/run me é.py", line=3, column=5, content="c", excerpt="run(x)"),
    Found(rule="secrets.aws-access-key", where="a.env", line=1, content="sealed", excerpt="AK***"),
    Found(rule="secrets.aws-access-key", where="b.env", line=2, content="sealed", excerpt="AK***"),
    Found(rule="target.cors.wildcard", where="GET https://host.invalid/a b", content="d"),
    Found(rule="logs.stack-trace", where="/var/log/app.log", line=7, content="e", confidence="low"),
)


def test_nothing_found_is_a_valid_document(standard: Check) -> None:
    standard.validate(document())


def test_findings_of_every_kind_with_folds_waivers_and_doubts_are_valid(standard: Check) -> None:
    found = document(*FOUND, reasons=("folder x cannot be read",), waived=True)
    standard.validate(found)
    (run,) = found["runs"]
    kinds = {key for result in run["results"] for key in result}
    assert {"relatedLocations", "occurrenceCount", "suppressions"} <= kinds
    assert not run["invocations"][0]["executionSuccessful"]


def test_every_rule_that_there_is_makes_a_valid_document(standard: Check) -> None:
    found = document(*(Found(rule=rule, where=f"{rule}.txt", line=1, content=rule) for rule in scan_rules()))
    standard.validate(found)
    assert len(found["runs"][0]["tool"]["driver"]["rules"]) == len(scan_rules())


@pytest.mark.parametrize(
    ("name", "value"),
    [("level", "grave"), ("message", {}), ("partialFingerprints", {"a": 1}), ("unheard", "of")],
)
def test_the_schema_refuses_what_the_standard_does_not_know(standard: Check, name: str, value: Any) -> None:
    found = document(*FOUND)
    found["runs"][0]["results"][0][name] = value
    assert not standard.is_valid(found)
