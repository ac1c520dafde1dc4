"""SARIF 2.1.0. The schema below is ours and stricter than the standard: closed, and for the parts that are used only.

The standard's own judges in tests/integration/scan/test_sarif_schema.py.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any

import jsonschema  # type: ignore[import-untyped] # ships no types
import pytest

from battery.model.waiver import Waiver
from battery.scan.findings import findings_of
from battery.scan.interface import Found, Ledger, ScanResult
from battery.scan.rules import scan_rules
from battery.scan.sarif import sarif

KEY = b"k"
FOUND = (
    Found(
        rule="code.B602",
        where="app/run me.py",
        line=3,
        column=5,
        content="c",
        excerpt="run(x)",
        detail="B602",
    ),
    Found(rule="secrets.aws-access-key", where="a.env", line=1, content="sealed", excerpt="AK***"),
    Found(rule="secrets.aws-access-key", where="b.env", line=2, content="sealed", excerpt="AK***"),
    Found(rule="configuration.debug-on", where="GET https://host.invalid/a b", content="d"),
    Found(rule="code.B101", where="t.py", line=1, content="assert", confidence="low"),
)
_TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
_URI = {"type": "string", "pattern": r"^[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+$"}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}


def _closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


_LOCATION = _closed(
    ["physicalLocation"],
    id={"type": "integer", "minimum": 0},
    physicalLocation=_closed(
        ["artifactLocation"],
        artifactLocation=_closed(["uri"], uri=_URI, uriBaseId={"type": "string"}),
        region=_closed(
            ["startLine"],
            startLine={"type": "integer", "minimum": 1},
            startColumn={"type": "integer", "minimum": 1},
            snippet=_TEXT,
        ),
    ),
)
_RULE = _closed(
    ["id", "shortDescription", "help", "properties"],
    id={"type": "string", "minLength": 1},
    name={"type": "string"},
    shortDescription=_TEXT,
    fullDescription=_TEXT,
    help={**_TEXT, "required": ["text", "markdown"]},
    defaultConfiguration=_closed(["level"], level=_LEVEL),
    properties={
        "type": "object",
        "required": ["security-severity", "precision", "tags"],
        "properties": {
            "security-severity": {"type": "string", "pattern": r"^\d+\.\d$"},
            "precision": {"enum": ["very-high", "high", "medium", "low"]},
            "tags": {"type": "array", "uniqueItems": True, "items": {"type": "string"}},
        },
    },
)
_RESULT = _closed(
    ["ruleId", "message", "locations", "partialFingerprints"],
    ruleId={"type": "string"},
    ruleIndex={"type": "integer", "minimum": 0},
    level=_LEVEL,
    message=_TEXT,
    locations={"type": "array", "minItems": 1, "items": _LOCATION},
    relatedLocations={"type": "array", "uniqueItems": True, "items": _LOCATION},
    occurrenceCount={"type": "integer", "minimum": 1},
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1},
    suppressions={
        "type": "array",
        "items": _closed(
            ["kind"],
            kind={"enum": ["inSource", "external"]},
            status={"enum": ["accepted", "underReview", "rejected"]},
            justification={"type": "string"},
        ),
    },
    properties={"type": "object"},
)
_NOTIFICATION = _closed(["message"], level=_LEVEL, message=_TEXT)
SCHEMA = _closed(
    ["version", "runs"],
    **{"$schema": _URI},
    version={"const": "2.1.0"},
    runs={
        "type": "array",
        "items": _closed(
            ["tool", "results"],
            tool=_closed(
                ["driver"],
                driver=_closed(
                    ["name"],
                    name={"type": "string"},
                    version={"type": "string"},
                    rules={"type": "array", "uniqueItems": True, "items": _RULE},
                ),
            ),
            invocations={
                "type": "array",
                "items": _closed(
                    ["executionSuccessful"],
                    executionSuccessful={"type": "boolean"},
                    toolExecutionNotifications={"type": "array", "items": _NOTIFICATION},
                ),
            },
            originalUriBaseIds={"type": "object"},
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            results={"type": "array", "items": _RESULT},
        ),
    },
)


def document(
    *found: Found, scans: tuple[ScanResult, ...] = (), waivers: tuple[Waiver, ...] = ()
) -> tuple[dict[str, Any], dict[str, Any]]:
    parsed = json.loads(sarif(findings_of(found, KEY), scans, waivers))
    jsonschema.validate(parsed, SCHEMA)
    (run,) = parsed["runs"]
    return parsed, run


def test_the_document_is_what_the_standard_describes() -> None:
    parsed, run = document(*FOUND)
    assert parsed["version"] == "2.1.0"
    assert len(run["results"]) == 4
    assert document()[1]["results"] == []


def test_each_result_points_at_its_rule() -> None:
    _, run = document(*FOUND)
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_a_rule_brings_its_help_its_weakness_and_a_number_for_its_severity() -> None:
    _, run = document(*FOUND)
    rule = next(rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "code.B602")
    assert scan_rules()["code.B602"].fix in rule["help"]["text"]
    assert rule["properties"] == {
        "security-severity": "9.5",
        "precision": "high",
        "tags": ["security", "external/cwe/cwe-78"],
    }


def test_no_sentence_about_a_rule_ends_twice() -> None:
    _, run = document(*(Found(rule=rule, where="a", content=rule) for rule in scan_rules()))
    for rule in run["tool"]["driver"]["rules"]:
        texts = (*rule["help"].values(), rule["fullDescription"]["text"])
        assert not [text for text in texts if re.search(r"\w\.\.(?:\s|$)", text)]


def test_every_severity_has_a_number_in_the_band_of_its_name() -> None:
    _, run = document(*FOUND)
    bands = {
        result["properties"]["severity"]: float(result["properties"]["security-severity"])
        for result in run["results"]
    }
    assert bands["critical"] > 9.0
    assert 7.0 <= bands["high"] <= 8.9
    assert bands["info"] == 0.0


def test_a_result_carries_the_fingerprint_of_the_finding() -> None:
    findings = findings_of(FOUND, KEY)
    _, run = document(*FOUND)
    carried = [result["partialFingerprints"]["hardeningBattery/v1"] for result in run["results"]]
    assert carried == [item.finding.fingerprint for item in findings]


def test_a_folded_finding_lists_its_other_places() -> None:
    _, run = document(*FOUND)
    folded = next(result for result in run["results"] if result["ruleId"] == "secrets.aws-access-key")
    assert folded["occurrenceCount"] == 2
    assert folded["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "b.env"


def test_paths_are_escaped_below_the_source_and_addresses_stay_addresses() -> None:
    _, run = document(*FOUND)
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in run["results"]]
    assert {"uri": "app/run%20me.py", "uriBaseId": "SRCROOT"} in places
    assert {"uri": "https://host.invalid/a"} in places


def test_a_waived_finding_is_suppressed_with_its_owner_and_end() -> None:
    fingerprint = findings_of(FOUND[:1], KEY)[0].finding.fingerprint
    waiver = Waiver(
        finding=fingerprint, reason="a test", owner="ann", expires=datetime(2030, 1, 1, tzinfo=UTC)
    )
    _, run = document(*FOUND, waivers=(waiver,))
    suppressed = [result for result in run["results"] if "suppressions" in result]
    assert [result["ruleId"] for result in suppressed] == ["code.B602"]
    assert "waived by ann until 2030-01-01" in suppressed[0]["suppressions"][0]["justification"]


@pytest.mark.parametrize(("reasons", "successful"), [((), True), (("folder x cannot be read",), False)])
def test_an_incomplete_scan_is_no_successful_execution(reasons: tuple[str, ...], successful: bool) -> None:
    scan = ScanResult(
        scanner="code", found=(), ledger=Ledger(discovered=0, scanned=0), canaries=(), incomplete=reasons
    )
    (invocation,) = document(scans=(scan,))[1]["invocations"]
    assert invocation["executionSuccessful"] is successful
    told = [note["message"]["text"] for note in invocation.get("toolExecutionNotifications", [])]
    assert told == [f"incomplete: code: {reason}" for reason in reasons]


def test_the_same_findings_give_the_same_bytes() -> None:
    assert sarif(findings_of(FOUND, KEY)) == sarif(findings_of(tuple(reversed(FOUND)), KEY))
