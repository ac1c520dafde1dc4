"""Severity: a score first, then a word, else unknown; malicious whatever else is told."""

from typing import Any

import pytest

from battery.scan.rules import scan_rules
from battery.scan.vulnerabilities.rating import level_of, rated
from battery.scan.vulnerabilities.record import Package
from tests.unit.scan.vulnerabilities.records import V3, V4, record

JINJA = Package("PyPI", "jinja2", "3.1.2")
V2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P"


@pytest.mark.parametrize(
    ("more", "level"),
    [
        ({"severity": [{"type": "CVSS_V3", "score": V3}]}, "high"),
        ({"severity": [{"type": "CVSS_V4", "score": V4}, {"type": "CVSS_V3", "score": V3}]}, "critical"),
        ({"severity": [{"type": "CVSS_V3", "score": V3}], "database_specific": {"severity": "LOW"}}, "high"),
        ({"database_specific": {"severity": "MODERATE"}}, "medium"),
        ({"severity": [{"type": "CVSS_V2", "score": V2}], "database_specific": {"severity": "low"}}, "low"),
        ({"severity": [{"type": "CVSS_V2", "score": V2}]}, "unknown"),
        ({"severity": [{"type": "CVSS_V3", "score": "broken"}]}, "unknown"),
        ({"database_specific": {"severity": ["HIGH"]}}, "unknown"),
        ({"database_specific": "HIGH"}, "unknown"),
        ({}, "unknown"),
        ({"aliases": ["MAL-2026-1"], "severity": [{"type": "CVSS_V3", "score": V3}]}, "malicious"),
    ],
)
def test_a_record_is_rated_by_the_best_that_it_tells(more: dict[str, Any], level: str) -> None:
    assert rated([record("GHSA-1", **more)], JINJA).level == level


def test_the_gravest_of_several_records_counts_and_is_named() -> None:
    records = [
        record("PYSEC-1"),
        record("GHSA-1", database_specific={"severity": "LOW"}),
        record("GHSA-2", database_specific={"severity": "HIGH"}),
    ]
    assert (rated(records, JINJA).level, rated(records, JINJA).basis) == ("high", "severity by GHSA-2")
    scored = record("CVE-1", severity=[{"type": "CVSS_V3", "score": V3}])
    assert rated([*records, scored], JINJA).basis == f"CVSS 7.5 ({V3})"


def test_a_severity_beside_the_package_counts_for_that_package_alone() -> None:
    affected = [
        {"package": {"ecosystem": "PyPI", "name": "jinja2"}, "severity": [{"type": "CVSS_V3", "score": V3}]},
        {"package": {"ecosystem": "PyPI", "name": "other"}, "database_specific": {"severity": "LOW"}},
    ]
    found = record("GHSA-1", affected=affected)
    assert rated([found], JINJA).level == "high"
    assert rated([found], Package("PyPI", "other", "1")).level == "low"


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (10.0, "critical"),
        (9.0, "critical"),
        (8.9, "high"),
        (7.0, "high"),
        (6.9, "medium"),
        (4.0, "medium"),
        (0.1, "low"),
        (0.0, "info"),
    ],
)
def test_a_score_becomes_the_rating_of_the_specification(score: float, level: str) -> None:
    assert level_of(score) == level


@pytest.mark.parametrize("level", ["malicious", "critical", "high", "medium", "low", "info", "unknown"])
def test_every_level_is_a_rule(level: str) -> None:
    rule = scan_rules()[f"vulnerability.{level}"]
    assert rule.severity == {"malicious": "critical", "unknown": "high"}.get(level, level)
