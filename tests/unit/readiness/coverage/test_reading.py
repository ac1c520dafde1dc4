"""The reader is chosen by content; whatever is not a report is refused in one line, and nothing crashes."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from battery.readiness.coverage.reading import READERS, read_report
from battery.readiness.coverage.report import CoverageUnreadable, Reader

ASSETS = Path(__file__).parents[3] / "assets" / "coverage"
REPORTS = [
    path.read_bytes() for path in sorted(ASSETS.iterdir()) if path.suffix in {".json", ".xml", ".lcov"}
]


@pytest.mark.parametrize(
    "data", [b"", b" \n", b"hello", b"\x00\xff", b"[]", b"{}", b"<html/>", b"<!-- x", b"<coverage"]
)
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises(CoverageUnreadable, match=r"\Acoverage\.xml: .*expected"):
        read_report(data, "coverage.xml")


def test_an_unknown_format_is_answered_with_the_known_ones() -> None:
    with pytest.raises(
        CoverageUnreadable, match=r"one of coverage\.py JSON, Cobertura XML, LCOV, JaCoCo XML"
    ):
        read_report(b"mode: atomic\n", "cover.out")


def test_a_report_over_the_size_limit_is_refused_unread() -> None:
    with pytest.raises(CoverageUnreadable, match="at most 10 bytes"):
        read_report(b"SF:a\nend_of_record\n", "x", largest=10)


def test_a_broken_report_is_named_with_the_format_it_seems_to_be() -> None:
    with pytest.raises(CoverageUnreadable, match=r"\Alcov\.info: .*cut off.*\(expected LCOV\)"):
        read_report(b"TN:\nSF:a.c\nDA:1,1\n", "lcov.info")


@pytest.mark.parametrize(
    "head",
    [
        b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <report> -->\n<!DOCTYPE coverage SYSTEM 'c.dtd'>\n<coverage>",
        b"<coverage>",
        b"<!DOCTYPE coverage [<!ENTITY a 'b'>]><coverage>",
    ],
)
def test_the_root_element_is_found_behind_prologue_and_comments(head: bytes) -> None:
    assert [reader.name for reader in READERS if reader.recognises(head)] == ["Cobertura XML"]


@pytest.mark.parametrize("data", REPORTS)
def test_a_byte_order_mark_changes_nothing(data: bytes) -> None:
    assert read_report(b"\xef\xbb\xbf" + data, "x") == read_report(data, "x")


def attempt(reader: Reader, data: bytes) -> str:
    try:
        reader.read(data)
    except CoverageUnreadable as error:
        return str(error)
    return ""


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@given(st.binary(max_size=300))
@example(b'{"meta":' * 100_000)
@example(b"[" * 100_000)
@example(b"<report><sourcefile><line/></sourcefile></report>")
@example(b'{"meta":{},"files":{},"totals":{"num_statements":1e999,"covered_lines":NaN}}')
@example(b'{"meta":{},"files":{},"totals":{"num_statements":' + b"9" * 5000 + b',"covered_lines":0}}')
@example(b'{"meta":{},"files":{},"totals":{"num_statements":' + b"9" * 50 + b',"covered_lines":0}}')
@settings(max_examples=60, deadline=None)
def test_arbitrary_bytes_are_refused_and_never_crash(reader: Reader, data: bytes) -> None:
    assert attempt(reader, data).count("\n") == 0 < len(attempt(reader, data))
    with pytest.raises(CoverageUnreadable):
        read_report(data, "x")


@given(st.sampled_from(REPORTS), st.data())
@settings(max_examples=150, deadline=None)
def test_a_report_with_bytes_changed_is_read_or_refused(report: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(report)))
    gone = data.draw(st.integers(0, 40))
    changed = report[:at] + data.draw(st.binary(max_size=8)) + report[at + gone :]
    for reader in READERS:
        assert "\n" not in attempt(reader, changed)


@given(st.sampled_from([r for r in REPORTS if not r.startswith(b"SF")]), st.floats(0, 0.99))
@settings(max_examples=60, deadline=None)
def test_a_truncated_document_is_refused(report: bytes, share: float) -> None:
    with pytest.raises(CoverageUnreadable):
        read_report(report[: int(share * len(report.rstrip()))], "x")
