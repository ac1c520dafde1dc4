"""An offline database: folders and zips, its age by its records, and every doubt told."""

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from battery.scan.vulnerabilities.entries import LARGEST
from battery.scan.vulnerabilities.offline import OfflineDatabase
from battery.scan.vulnerabilities.record import Package
from battery.scan.vulnerabilities.source import Answer
from tests.unit.scan.vulnerabilities.records import raw

NOW = datetime(2026, 1, 10, tzinfo=UTC)
JINJA = Package("PyPI", "Jinja2", "3.1.2")
OTHER = Package("PyPI", "other", "1.0")


def folder(root: Path, *records: dict[str, Any]) -> Path:
    root.mkdir(exist_ok=True)
    for record in records:
        (root / f"{record['id']}.json").write_text(json.dumps(record))
    return root


def zipped(path: Path, *records: dict[str, Any]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for record in records:
            archive.writestr(f"{record['id']}.json", json.dumps(record))
        archive.writestr("README.txt", "not a record")
    return path


def look_up(path: Path, *packages: Package, now: datetime = NOW) -> Answer:
    return OfflineDatabase(path).look_up(packages or (JINJA, OTHER), now)


def test_a_folder_a_zip_a_file_and_zips_in_a_folder_answer_the_same(tmp_path: Path) -> None:
    records = raw("GHSA-1"), raw("GHSA-2", package="unrelated")
    single = folder(tmp_path / "plain", *records)
    (tmp_path / "export").mkdir()
    zipped(tmp_path / "export" / "all.zip", *records)
    for path in (single, zipped(tmp_path / "all.zip", *records), tmp_path / "export", single / "GHSA-1.json"):
        answer = look_up(path)
        assert [(match.id, match.fixed) for match in answer.matches[JINJA]] == [("GHSA-1", "3.1.3")]
        assert OTHER not in answer.matches
        assert answer.unanswered == {}
        assert answer.incomplete == ()


def test_the_date_and_age_of_the_database_are_told(tmp_path: Path) -> None:
    answer = look_up(folder(tmp_path, raw("GHSA-1"), raw("GHSA-0", modified="2020-01-01T00:00:00Z")))
    assert answer.facts["database.PyPI"] == "2 records, the newest of 2026-01-01, 9 days old"


@pytest.mark.parametrize(("days", "old"), [(30, False), (31, True)])
def test_a_database_older_than_30_days_is_incomplete_and_still_finds(
    tmp_path: Path, days: int, old: bool
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days)
    answer = look_up(folder(tmp_path, raw("GHSA-1")), now=now)
    assert bool(answer.incomplete) is old
    assert JINJA in answer.matches


def test_a_record_from_the_future_makes_no_database_fresh(tmp_path: Path) -> None:
    records = raw("GHSA-1", modified="2025-01-01T00:00:00Z"), raw("GHSA-2", modified="2099-01-01T00:00:00Z")
    (problem,) = look_up(folder(tmp_path, *records)).incomplete
    assert "the newest of 2025-01-01, 374 days old" in problem
    (undated,) = look_up(folder(tmp_path / "b", records[1])).incomplete
    assert "none with a date that can be" in undated


def test_each_ecosystem_has_an_age_of_its_own_and_an_absent_one_answers_nothing(tmp_path: Path) -> None:
    npm = Package("npm", "lodash", "4.17.15")
    old = raw("GHSA-2", package="x", ecosystem="npm", modified="2020-01-01T00:00:00Z")
    answer = look_up(folder(tmp_path / "a", raw("GHSA-1"), old), JINJA, npm)
    assert ["too old for npm" in problem for problem in answer.incomplete] == [True]
    answer = look_up(folder(tmp_path / "b", raw("GHSA-1")), JINJA, npm)
    assert answer.unanswered == {npm: "the database holds no npm record"}


def test_a_withdrawn_record_is_no_finding_from_that_moment_on(tmp_path: Path) -> None:
    withdrawn = "2026-01-05T00:00:00Z"
    path = folder(tmp_path, raw("GHSA-1", withdrawn=withdrawn))
    assert JINJA not in look_up(path).matches
    assert JINJA in look_up(path, now=datetime(2026, 1, 4, tzinfo=UTC)).matches


def test_a_record_that_cannot_be_judged_leaves_its_package_unanswered(tmp_path: Path) -> None:
    package = {"ecosystem": "PyPI", "name": "jinja2"}
    answer = look_up(folder(tmp_path, raw("GHSA-1", affected=[{"package": package}])))
    assert answer.unanswered == {
        JINJA: "GHSA-1 cannot be judged: the record names neither versions nor ranges of versions"
    }


def test_files_that_are_no_records_make_the_answer_incomplete_and_hide_no_finding(tmp_path: Path) -> None:
    path = folder(tmp_path, raw("GHSA-1"), raw("GHSA-3", modified="yesterday"))
    for name, data in {
        "a.json": b"{",
        "b.json": b"\xff",
        "c.json": b"[" * 5000,
        "d.zip": b"PK\x03\x04",
        "e.json": b"{}",
    }.items():
        (path / name).write_bytes(data)
    (path / "f.json").symlink_to("gone")
    (path / "0odd.json").write_text(json.dumps(raw("\n")))
    answer = look_up(path)
    assert [match.id for match in answer.matches[JINJA]] == ["GHSA-1"]
    (problem,) = answer.incomplete
    assert problem.startswith("8 files of the database cannot be used: ")
    assert "0odd.json: '\\\\n' is no id of a vulnerability" in problem
    assert "; b.json: it is no OSV record (" in problem
    assert problem.endswith("; and 3 more")


@pytest.mark.parametrize("name", ["gone", "text", "empty"])
def test_a_database_that_is_none_answers_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "text").write_text("x")
    (tmp_path / "empty").mkdir()
    answer = look_up(tmp_path / name)
    assert set(answer.unanswered) == {JINJA, OTHER}
    assert answer.matches == {}


def test_an_entry_that_unpacks_without_end_or_is_damaged_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.json", b" " * (LARGEST + 1))
        archive.writestr("good.json", json.dumps(raw("GHSA-1")))
        archive.writestr("torn.json", json.dumps(raw("GHSA-2")), zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.index(b"GHSA-2")] ^= 1
    path.write_bytes(data)
    answer = look_up(path)
    assert [match.id for match in answer.matches[JINJA]] == ["GHSA-1"]
    (problem,) = answer.incomplete
    assert f"bomb.json: it has more than {LARGEST} bytes" in problem
    assert "torn.json: it cannot be unpacked (BadZipFile)" in problem


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300), suffix=st.sampled_from([".json", ".zip"]))
def test_any_file_is_a_database_or_a_reason(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_bytes(data)
    answer = look_up(path)
    assert set(answer.unanswered) == {JINJA, OTHER}
    assert answer.incomplete
