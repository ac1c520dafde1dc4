"""The report's arithmetic, and what it refuses to hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.coverage.paths import each_once, plain_path
from battery.readiness.coverage.report import CoverageReport, CoverageUnreadable, FileCoverage, shown


def counted(path: str, *counts: int) -> FileCoverage:
    lines, lines_covered, branches, branches_covered = counts
    return FileCoverage(
        path=path,
        lines=lines,
        lines_covered=lines_covered,
        branches=branches,
        branches_covered=branches_covered,
    )


def test_nothing_to_cover_is_no_percentage() -> None:
    empty = CoverageReport(format="LCOV", files=())
    assert (empty.lines, empty.line_percent, empty.branch_percent) == (0, None, None)


def test_percentages_weigh_every_line_the_same() -> None:
    report = CoverageReport(format="LCOV", files=(counted("a", 1, 1, 2, 0), counted("b", 99, 0, 2, 1)))
    assert (report.line_percent, report.branch_percent) == (1.0, 25.0)


@pytest.mark.parametrize("counts", [(1, 2, 0, 0), (1, -1, 0, 0), (-1, -1, 0, 0), (0, 0, 1, 2), (0, 0, 3, -1)])
def test_impossible_counts_are_refused(counts: tuple[int, ...]) -> None:
    with pytest.raises(CoverageUnreadable, match="covered"):
        counted("a.py", *counts)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1))
def test_a_percentage_stays_between_zero_and_a_hundred(pairs: list[tuple[int, int]]) -> None:
    files = tuple(counted(str(at), max(p), min(p), max(p), min(p)) for at, p in enumerate(pairs))
    report = CoverageReport(format="LCOV", files=files)
    assert report.line_percent == report.branch_percent
    assert report.line_percent is None or 0 <= report.line_percent <= 100


def test_an_error_is_one_line_that_names_file_problem_and_expectation() -> None:
    text = str(CoverageUnreadable("it is empty", expected="LCOV", file="a\nb\x1b[31m.info"))
    assert text == "a\\nb\\x1b[31m.info: it is empty (expected LCOV)"


def test_long_text_from_a_report_is_cut() -> None:
    assert len(shown("x" * 1000)) < 100


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("./a.py", "a.py"),
        ("a//b.py", "a/b.py"),
        ("a/../b.py", "b.py"),
        ("../a.py", "../a.py"),
        ("//a.py", "/a.py"),
    ],
)
def test_a_path_has_one_spelling(text: str, plain: str) -> None:
    assert plain_path(text) == plain


@pytest.mark.parametrize("text", ["", ".", "..", "/", "//", "a/..", "a\0b", "a\nb", "\ud800"])
def test_a_path_that_names_no_file_is_refused(text: str) -> None:
    with pytest.raises(CoverageUnreadable, match="path"):
        plain_path(text)


def test_a_path_told_twice_is_refused_and_others_are_ordered() -> None:
    first, second = counted("a", 1, 1, 0, 0), counted("b", 1, 0, 0, 0)
    assert each_once([second, first]) == (first, second)
    with pytest.raises(CoverageUnreadable, match="twice"):
        each_once([first, second, first])
