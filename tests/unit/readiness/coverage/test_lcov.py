"""LCOV: test sections of one file merge in any order, and totals must not tell worse than the records."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.coverage.lcov import Lcov
from battery.readiness.coverage.report import CoverageReport, CoverageUnreadable

Section = tuple[str, dict[int, int], dict[tuple[int, str], int]]
HITS = st.integers(0, 3)
SECTION = st.tuples(
    st.sampled_from(["a.c", "./a.c", "b.c"]),
    st.dictionaries(st.integers(1, 9), HITS, max_size=5),
    st.dictionaries(
        st.tuples(st.integers(1, 9), st.sampled_from(["0,0", "0,1", "e1,a, b"])), HITS, max_size=5
    ),
)


def section(path: str, lines: dict[int, int], branches: dict[tuple[int, str], int]) -> str:
    records = [f"TN:test\nSF:{path}"]
    records += [f"BRDA:{number},{name},{taken or '-'}" for (number, name), taken in branches.items()]
    records += [f"BRF:{len(branches)}", f"BRH:{sum(map(bool, branches.values()))}"]
    records += [f"DA:{number},{hits}" for number, hits in lines.items()]
    records += [f"LF:{len(lines)}", f"LH:{sum(map(bool, lines.values()))}", "end_of_record\n"]
    return "\n".join(records)


def read(text: str) -> CoverageReport:
    return Lcov().read(text.encode())


def counts(report: CoverageReport) -> tuple[int, int, int, int]:
    return report.lines, report.lines_covered, report.branches, report.branches_covered


@given(st.lists(SECTION, min_size=1, max_size=4))
def test_the_counts_are_the_union_of_the_sections_in_any_order(sections: list[Section]) -> None:
    lines = {(path[-3:], n) for path, ls, _ in sections for n in ls}
    hit = {(path[-3:], n) for path, ls, _ in sections for n, hits in ls.items() if hits}
    branches = {(path[-3:], b) for path, _, bs in sections for b in bs}
    taken = {(path[-3:], b) for path, _, bs in sections for b, hits in bs.items() if hits}
    for order in itertools.permutations(sections):
        report = read("".join(section(*one) for one in order))
        assert counts(report) == (len(lines), len(hit), len(branches), len(taken))
        assert [file.path for file in report.files] == sorted({path[-3:] for path, _, _ in sections})


def test_windows_line_ends_comments_checksums_and_unknown_records_are_understood() -> None:
    text = "# made by us\r\nSF:a.c\r\nVER:1\r\nFNDA:1,f\r\nMCDC:1,2,t,1,0,x\r\nDA:1,1,abc==\r\n\r\nend_of_record\r\n"
    assert counts(read(text)) == (1, 1, 0, 0)


def test_lines_told_twice_in_one_section_count_once_and_ran_if_either_did() -> None:
    assert counts(read("SF:a.c\nDA:1,0\nDA:1,2\nLF:1\nLH:1\nend_of_record\n")) == (1, 1, 0, 0)


def test_branches_of_one_name_in_one_section_stay_two_branches() -> None:
    assert counts(read("SF:a.c\nBRDA:1,0,0,1\nBRDA:1,0,0,0\nBRF:2\nBRH:1\nend_of_record\n")) == (0, 0, 2, 1)


@pytest.mark.parametrize(
    "records",
    [
        "LF:3\nLH:1",
        "LF:2\nLH:0",
        "LF:0\nLH:1",
        "BRF:3\nBRH:1",
        "BRF:2\nBRH:0",
        "LF:2\nLF:2",
        "LF:-1",
        "LH:NaN",
        "LF:",
    ],
)
def test_totals_worse_than_the_records_or_impossible_are_refused(records: str) -> None:
    with pytest.raises(CoverageUnreadable):
        read(f"SF:a.c\nDA:1,1\nDA:2,0\nBRDA:1,0,0,1\nBRDA:1,0,1,-\n{records}\nend_of_record\n")


@pytest.mark.parametrize(
    "record",
    [
        "DA:1",
        "DA:1,-2",
        "DA:-1,2",
        "DA:x,1",
        "DA:1,1e3",
        "DA:",
        "BRDA:1",
        "BRDA:1,0,1",
        "BRDA:1,0,0,",
        "BRDA:1,0,0,x",
        "BRDA:1,0,0,-1",
        "BRDA:x,0,0,1",
        "SF:b.c",
        "garbage",
        "end_of_recor",
        "SF:",
    ],
)
def test_a_record_that_cannot_be_is_refused(record: str) -> None:
    with pytest.raises(CoverageUnreadable):
        read(f"SF:a.c\n{record}\nend_of_record\n")


@pytest.mark.parametrize(
    "text", ["", "TN:\n", "DA:1,1\n", "end_of_record\n", "SF:a.c\nDA:1,1\n", "SF:\nend_of_record\n"]
)
def test_a_trace_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(CoverageUnreadable):
        read(text)


def test_text_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(CoverageUnreadable, match="byte 3 is not UTF-8"):
        Lcov().read(b"SF:\xff\nend_of_record\n")


@pytest.mark.parametrize("head", [b"\n" * 60_000, b"#" * 60_000, b"# a\n" * 15_000])
def test_a_long_beginning_that_is_no_trace_is_dismissed_quickly(head: bytes) -> None:
    assert not Lcov().recognises(head)
