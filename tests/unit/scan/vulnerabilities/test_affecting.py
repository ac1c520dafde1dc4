"""Ranges and versions: which of them hold a version, and what stays unclear."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import Version

from battery.scan.vulnerabilities.affecting import Judged, judged, later
from battery.scan.vulnerabilities.record import OsvRecord, Package
from tests.unit.scan.vulnerabilities.records import ranged


def python(version: str) -> Package:
    return Package("PyPI", "a", version)


INTRODUCED, FIXED = {"introduced": "1.0"}, {"fixed": "2.0"}


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ("0.9", False),
        ("1.0rc1", False),
        ("1.0", True),
        ("1.10", True),
        ("2.0rc1", True),
        ("2.0", False),
        ("2.0+local", False),
    ],
)
def test_a_range_begins_with_the_introduction_and_ends_before_the_fix(version: str, affected: bool) -> None:
    assert judged(ranged(INTRODUCED, FIXED), python(version)) == Judged(affected, "2.0" if affected else "")


@pytest.mark.parametrize(("version", "affected"), [("1.0", True), ("2.0", True), ("2.0.1", False)])
def test_the_last_affected_version_is_affected(version: str, affected: bool) -> None:
    found = judged(ranged({"introduced": "0"}, {"last_affected": "2.0"}), python(version))
    assert found == Judged(affected)


def test_events_in_any_order_mean_the_same_and_the_next_fix_counts() -> None:
    events = ({"fixed": "4.0"}, {"introduced": "3.0"}, FIXED, {"introduced": "0"})
    answers = {version: judged(ranged(*events), python(version)) for version in ("1.0", "2.5", "3.5", "4.0")}
    assert answers == {
        "1.0": Judged(True, "2.0"),
        "2.5": Judged(False),
        "3.5": Judged(True, "4.0"),
        "4.0": Judged(False),
    }


@pytest.mark.parametrize(("version", "affected"), [("1.5", True), ("1.9", False)])
def test_nothing_beyond_a_limit_is_affected(version: str, affected: bool) -> None:
    record = ranged(INTRODUCED, {"limit": "1.8"})
    assert judged(record, python(version)).affected is affected
    assert judged(ranged(INTRODUCED, {"limit": "*"}), python("9")).affected


def test_a_listed_version_is_affected_however_it_is_spelled_and_whatever_the_ranges_say() -> None:
    record = ranged(INTRODUCED, FIXED, versions=("3.0", "odd one", "2.5"))
    assert judged(record, python("3")).affected
    assert judged(record, python("odd one")).affected
    assert not judged(record, python("3.1")).affected


@pytest.mark.parametrize(
    ("record", "version"),
    [
        (ranged(INTRODUCED, FIXED), "no version"),
        (ranged(INTRODUCED, {"fixed": "what"}), "1.5"),
        (ranged(INTRODUCED, {}), "1.5"),
        (ranged(), "1.5"),
        (ranged(INTRODUCED, kind="GIT"), "1.5"),
    ],
)
def test_what_cannot_be_compared_is_unclear_and_not_clean(record: OsvRecord, version: str) -> None:
    answer = judged(record, python(version))
    assert not answer.affected
    assert answer.unclear


def test_one_range_that_cannot_be_compared_hides_no_other() -> None:
    entry = {
        "package": {"ecosystem": "PyPI", "name": "a"},
        "ranges": [
            {"type": "ECOSYSTEM", "events": [{"introduced": "what"}]},
            {"type": "ECOSYSTEM", "events": [INTRODUCED, FIXED]},
        ],
    }
    record = msgspec.convert({"id": "X", "modified": "2026-01-01T00:00:00Z", "affected": [entry]}, OsvRecord)
    assert judged(record, python("1.5")).affected


def test_names_compare_as_their_ecosystem_compares_them() -> None:
    entry = {"package": {"ecosystem": "PyPI", "name": "A__b.C"}, "versions": ["1"]}
    raw = {"id": "X", "modified": "2026-01-01T00:00:00Z", "affected": [entry, {"versions": ["1"]}]}
    record = msgspec.convert(raw, OsvRecord)
    assert judged(record, Package("PyPI", "a-b.C", "1")).affected
    assert not judged(record, Package("npm", "A__b.C", "1")).affected
    assert not judged(record, Package("PyPI", "other", "1")).affected


def test_npm_ranges_follow_semantic_versions() -> None:
    record = ranged({"introduced": "0"}, {"fixed": "4.17.21"}, kind="SEMVER", ecosystem="npm")
    assert judged(record, Package("npm", "a", "4.17.21-rc.1")) == Judged(True, "4.17.21")
    assert not judged(record, Package("npm", "a", "4.17.100")).affected


def test_the_latest_of_several_fixes_is_free_of_the_defect_whoever_is_right() -> None:
    assert later("PyPI", iter(["3.1.9", "3.1.10", "what"])) == "3.1.10"
    assert later("npm", iter([])) == ""


RELEASES = st.lists(st.integers(0, 20), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))


@settings(deadline=None)
@given(RELEASES, RELEASES, RELEASES)
def test_a_range_is_the_half_open_interval(introduced: str, fixed: str, version: str) -> None:
    answer = judged(ranged({"introduced": introduced}, {"fixed": fixed}), python(version))
    zero = introduced == "0"
    begun = zero or Version(version) >= Version(introduced)
    if zero or Version(introduced) < Version(fixed):
        assert answer.affected is (begun and Version(version) < Version(fixed))


@settings(deadline=None)
@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["PyPI", "npm"]))
def test_any_text_is_judged(version: str, event: str, ecosystem: str) -> None:
    record = ranged({"introduced": event}, {"fixed": "2.0"}, versions=(event,), ecosystem=ecosystem)
    assert judged(record, Package(ecosystem, "a", event)).affected
    judged(record, Package(ecosystem, "a", version))
