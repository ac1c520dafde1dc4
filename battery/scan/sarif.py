"""SARIF 2.1.0: the findings as code hosts and editors take them, with fingerprints, severities and suppressions.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/ ; `security-severity` is how GitHub ranks (above 9.0 critical, from 7.0
high, from 4.0 medium, above 0 low).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from battery.model.finding import Severity
from battery.model.waiver import Waiver
from battery.scan.export import ExportedScan
from battery.scan.findings import Place, Reported
from battery.scan.interface import ScanResult
from battery.scan.rules import ScanRule, scan_rules
from battery.version import version

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
SECURITY_SEVERITY: dict[Severity, str] = {
    "critical": "9.5",
    "high": "8.0",
    "medium": "5.5",
    "low": "2.5",
    "info": "0.0",
}
_LEVEL: dict[Severity, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "info": "note",
}
_FINGERPRINT = "hardeningBattery/v1"
_PRECISION = {"high": "high", "medium": "medium", "low": "low"}

Node = dict[str, Any]


def sarif(
    reported: Sequence[Reported],
    scans: Sequence[ScanResult | ExportedScan] = (),
    waivers: Iterable[Waiver] = (),
    rules: Mapping[str, ScanRule] | None = None,
) -> bytes:
    """The document. `waivers` are those in force; a scan that is incomplete makes the run unsuccessful in it."""
    known = scan_rules() if rules is None else rules
    used = sorted({item.finding.rule for item in reported})
    numbers = {rule: number for number, rule in enumerate(used)}
    excused = {waiver.finding: waiver for waiver in waivers if waiver.finding}
    driver = {
        "name": "hardening-battery",
        "version": version(),
        "rules": [_rule(known[rule], reported) for rule in used],
    }
    run: Node = {
        "tool": {"driver": driver},
        "invocations": [_invocation(scans)],
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the source folder that was scanned"}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, numbers, excused) for item in reported],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _rule(rule: ScanRule, reported: Sequence[Reported]) -> Node:
    surest = [item.finding.confidence for item in reported if item.finding.rule == rule.id]
    confidence = min(surest, key=("high", "medium", "low").index)
    why = rule.why.removesuffix(".")
    tags = ["security", *([f"external/cwe/{rule.cwe.lower()}"] if rule.cwe else [])]
    return {
        "id": rule.id,
        "name": rule.id.replace(".", "/"),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": f"{rule.title}: {why}."},
        "help": {
            "text": f"{why}. {rule.fix}",
            "markdown": f"**Why:** {why}.\n\n**Fix:** {rule.fix}",
        },
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
        "properties": {
            "security-severity": SECURITY_SEVERITY[rule.severity],
            "precision": _PRECISION[confidence],
            "tags": tags,
        },
    }


def _result(item: Reported, numbers: Mapping[str, int], excused: Mapping[str, Waiver]) -> Node:
    finding = item.finding
    result: Node = {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": _LEVEL[finding.severity],
        "message": {"text": " · ".join(text for text in (finding.title, item.detail, finding.fix) if text)},
        "locations": [_location(item.places[0], item.excerpt)],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        "properties": {
            "security-severity": SECURITY_SEVERITY[finding.severity],
            "severity": finding.severity,
            "confidence": finding.confidence,
        },
    }
    if len(item.places) > 1:
        others = enumerate(item.places[1:], 1)
        result["relatedLocations"] = [{"id": number, **_location(place, "")} for number, place in others]
        result["occurrenceCount"] = len(item.places)
    if waiver := excused.get(finding.fingerprint):
        result["suppressions"] = [_suppression(waiver)]
    return result


def _suppression(waiver: Waiver) -> Node:
    until = waiver.expires.isoformat()
    return {
        "kind": "external",
        "status": "accepted",
        "justification": f"{waiver.reason} (waived by {waiver.owner} until {until})",
    }


def _location(place: Place, excerpt: str) -> Node:
    physical: Node = {"artifactLocation": _artifact(place.where)}
    if place.line:
        region: Node = {"startLine": place.line}
        if place.column:
            region["startColumn"] = place.column
        if excerpt:
            region["snippet"] = {"text": excerpt}
        physical["region"] = region
    return {"physicalLocation": physical}


def _artifact(where: str) -> Node:
    """A file below the source folder, or the address in what a target scan calls its place."""
    address = next((word for word in where.split() if "://" in word), "")
    if address:
        return {"uri": quote(address, safe=":/?#[]@!$&'()*+,;=%~")}
    return {"uri": quote(where), "uriBaseId": "SRCROOT"}


def _invocation(scans: Sequence[ScanResult | ExportedScan]) -> Node:
    doubts = [f"{scan.scanner}: {reason}" for scan in scans for reason in scan.incomplete]
    invocation: Node = {"executionSuccessful": not doubts}
    if doubts:
        invocation["toolExecutionNotifications"] = [
            {"level": "error", "message": {"text": f"incomplete: {doubt}"}} for doubt in doubts
        ]
    return invocation
