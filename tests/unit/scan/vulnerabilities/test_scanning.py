"""The scan: findings that can be acted on, every component accounted for, and the canary seen in the same pass."""

import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from battery.scan.interface import Found, ScanResult
from battery.scan.rules import scan_rules
from battery.scan.sbom.component import Component
from battery.scan.vulnerabilities.offline import OfflineDatabase
from battery.scan.vulnerabilities.online import OsvService
from battery.scan.vulnerabilities.planted import plant_in
from battery.scan.vulnerabilities.record import Package
from battery.scan.vulnerabilities.scanning import scan_vulnerabilities
from battery.scan.vulnerabilities.source import Answer, Match, Plant
from tests.unit.scan.vulnerabilities.osv_server import serving
from tests.unit.scan.vulnerabilities.records import V3, component, raw

NOW = datetime(2026, 1, 10, tzinfo=UTC)


class Blind:
    """A source that answers quickly, and nothing."""

    name = "blind"

    def plant(self, ecosystem: str) -> Plant:
        return plant_in(ecosystem)

    def look_up(self, packages: Collection[Package], now: datetime) -> Answer:
        return Answer()


def scan(
    root: Path, components: list[Component], *records: dict[str, Any], now: datetime = NOW
) -> ScanResult:
    for record in records:
        (root / f"{record['id']}.json").write_text(json.dumps(record))
    result = scan_vulnerabilities(components, OfflineDatabase(root), now)
    assert result.ledger.adds_up
    return result


def test_a_vulnerable_component_is_one_finding_with_its_fix_score_and_names(tmp_path: Path) -> None:
    scored = raw("GHSA-1", aliases=["CVE-2026-1"], severity=[{"type": "CVSS_V3", "score": V3}])
    other = raw("PYSEC-1", aliases=["CVE-2026-1"], fixed="3.1.4", summary="")
    result = scan(tmp_path, [component(places=("requirements.txt:7",)), component("other")], scored, other)
    assert result.found == (
        Found(
            rule="vulnerability.high",
            where="requirements.txt",
            line=7,
            content="pkg:pypi/jinja2@3.1.2 CVE-2026-1",
            excerpt="jinja2 3.1.2",
            detail="CVE-2026-1, GHSA-1, PYSEC-1: It breaks. Upgrade jinja2 from 3.1.2 to 3.1.4 or later. "
            f"Rated by: CVSS 7.5 ({V3}).",
        ),
    )
    assert result.found[0].rule in scan_rules()
    assert (result.ledger.discovered, result.ledger.scanned, result.incomplete) == (2, 2, ())


def test_a_finding_keeps_its_content_when_another_database_joins_and_loses_it_with_the_version(
    tmp_path: Path,
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = scan(tmp_path / "a", [component()], raw("GHSA-1", aliases=["CVE-1"])).found[0].content
    two = scan(
        tmp_path / "b", [component()], raw("GHSA-1", aliases=["CVE-1"]), raw("AAA-1", aliases=["CVE-1"])
    ).found
    assert [found.content for found in two] == [one]
    assert scan(tmp_path / "b", [component(version="3.1.1")]).found[0].content != one


def test_without_a_fix_the_finding_says_so_and_development_is_told(tmp_path: Path) -> None:
    package = {"ecosystem": "PyPI", "name": "jinja2"}
    open_ended = raw("GHSA-1", affected=[{"package": package, "versions": ["3.1.2"]}])
    (found,) = scan(tmp_path, [component(need="development")], open_ended).found
    assert found.rule == "vulnerability.unknown"
    assert "No fixed version of jinja2 is known" in found.detail
    assert "used in development only" in found.detail


def test_the_canary_is_found_in_the_same_pass_and_is_no_finding(tmp_path: Path) -> None:
    npm = raw("GHSA-2", package="x", ecosystem="npm")
    result = scan(tmp_path, [component(), component("lodash", "4.17.15", "npm")], raw("GHSA-1"), npm)
    assert [(canary.name, canary.seen) for canary in result.canaries] == [
        ("vulnerabilities.PyPI", True),
        ("vulnerabilities.npm", True),
    ]
    assert [found.excerpt for found in result.found] == ["jinja2 3.1.2"]
    assert result.ledger.discovered == 2


def test_a_source_that_finds_nothing_is_convicted_by_its_canary() -> None:
    (canary,) = scan_vulnerabilities([component()], Blind(), NOW).canaries
    assert not canary.seen
    assert "is not reported as CANARY-PyPI" in canary.detail


def test_what_is_not_looked_up_is_skipped_with_its_reason(tmp_path: Path) -> None:
    local = component("shop", purl="", ref="local:pypi/shop")
    result = scan(
        tmp_path, [local, component("open", ""), component("lodash", "1.0.0", "npm")], raw("GHSA-1")
    )
    told = {skip.what: (skip.reason, skip.harmless) for skip in result.ledger.skipped}
    assert told == {
        "shop 3.1.2": ("a project of the tree itself, which no database of public packages knows", True),
        "open": ("no version is pinned in uv.lock; pin it, or write a lock file", False),
        "lodash 1.0.0": ("the database holds no npm record", False),
    }


def test_no_component_at_all_is_incomplete(tmp_path: Path) -> None:
    result = scan(tmp_path, [], raw("GHSA-1"))
    assert result.incomplete == ("there is no component to look up",)
    assert [canary.seen for canary in result.canaries] == [True]


def test_an_old_database_is_incomplete(tmp_path: Path) -> None:
    result = scan(tmp_path, [component("other")], raw("GHSA-1"), now=NOW + timedelta(days=40))
    assert "too old for PyPI: 1 records, the newest of 2026-01-01, 49 days old" in result.incomplete[0]


def test_what_a_database_writes_never_breaks_a_line_or_a_terminal(tmp_path: Path) -> None:
    summary = "red \x1b[31m\n\n" + "x" * 500
    (found,) = scan(tmp_path, [component()], raw("GHSA-1", summary=summary)).found
    assert found.detail.isprintable()
    assert len(found.detail) < 500


def test_a_package_from_a_repository_or_url_is_less_certain(tmp_path: Path) -> None:
    url = "pkg:pypi/jinja2@3.1.2?vcs_url=git%2Bhttps://git.example/jinja2"
    (found,) = scan(tmp_path, [component(purl=url, ref=url, places=())], raw("GHSA-1")).found
    assert (found.confidence, found.where, found.line) == ("medium", "", 0)


@pytest.mark.parametrize(("known", "seen"), [(True, True), (False, False)])
def test_online_the_canary_is_a_package_that_everyone_knows_to_be_vulnerable(known: bool, seen: bool) -> None:
    canary = {"GHSA-462w-v97r-4m45": raw("GHSA-462w-v97r-4m45", fixed="2.10.1")} if known else {}
    with serving(canary) as server:
        result = scan_vulnerabilities([component("other")], OsvService(server.url), NOW)
    assert [entry.seen for entry in result.canaries] == [seen]
    assert result.found == ()


def test_a_service_that_answers_404_is_never_green() -> None:
    with serving({}) as server:
        server.instead = lambda path: (404, b"{}")
        result = scan_vulnerabilities([component()], OsvService(server.url), NOW)
    assert (result.ledger.discovered, result.ledger.scanned) == (1, 0)
    assert [skip.harmless for skip in result.ledger.skipped] == [False]
    assert not result.canaries[0].seen


def test_an_id_without_a_record_is_still_a_finding() -> None:
    class Terse(Blind):
        def look_up(self, packages: Collection[Package], now: datetime) -> Answer:
            return Answer(matches={package: [Match("GHSA-1")] for package in packages})

    (found,) = scan_vulnerabilities([component()], Terse(), NOW).found
    assert found.rule == "vulnerability.unknown"
    assert found.detail.startswith("GHSA-1: no summary. No fixed version of jinja2 is known")
