"""JaCoCo XML: the counters of source files count, wherever groups put them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.coverage.jacoco import Jacoco
from battery.readiness.coverage.report import CoverageReport, CoverageUnreadable

Line = tuple[int, int, int]
LINES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 3)), max_size=6)
TRUTH = st.dictionaries(
    st.tuples(
        st.sampled_from(["", "g", "h"]), st.sampled_from(["", "org/a", "org/b"]), st.sampled_from("XYZ")
    ),
    LINES,
    max_size=5,
).filter(lambda truth: len({key[1:] for key in truth}) == len(truth))


def counter(kind: str, missed: object, covered: object) -> str:
    return f'<counter type="{kind}" missed="{missed}" covered="{covered}"/>'


def counters(lines: list[Line]) -> str:
    ran = sum(ci > 0 for ci, _, _ in lines)
    return counter("LINE", len(lines) - ran, ran) + counter(
        "BRANCH", sum(m for _, m, _ in lines), sum(c for _, _, c in lines)
    )


def sourcefile(package: str, name: str, body: str) -> str:
    return f'<package name="{package}"><sourcefile name="{name}">{body}</sourcefile></package>'


def listed(lines: list[Line]) -> str:
    return "".join(
        f'<line nr="{nr}" mi="1" ci="{ci}" mb="{mb}" cb="{cb}"/>' for nr, (ci, mb, cb) in enumerate(lines)
    )


def read(body: str) -> CoverageReport:
    return Jacoco().read(f'<report name="r">{body}</report>'.encode())


def counts(report: CoverageReport) -> tuple[int, int, int, int]:
    return report.lines, report.lines_covered, report.branches, report.branches_covered


@given(TRUTH)
def test_the_counts_are_the_truth_in_any_order(truth: dict[tuple[str, str, str], list[Line]]) -> None:
    parts = []
    for (group, package, name), lines in truth.items():
        part = sourcefile(package, name, listed(lines) + counters(lines))
        parts.append(f'<group name="{group}">{part}</group>' if group else part)
    every = [line for lines in truth.values() for line in lines]
    expected = (
        len(every),
        sum(ci > 0 for ci, _, _ in every),
        sum(m + c for _, m, c in every),
        sum(c for _, _, c in every),
    )
    for order in itertools.islice(itertools.permutations(parts), 6):
        report = read("".join(order) + counters(every))
        assert counts(report) == expected
        assert {file.path for file in report.files} == {f"{p}/{n}".lstrip("/") for _, p, n in truth}


def test_counters_without_lines_are_enough_and_other_kinds_are_ignored() -> None:
    report = read(sourcefile("p", "A.java", counter("LINE", 1, 2) + counter("METHOD", 9, 9)))
    assert counts(report) == (3, 2, 0, 0)
    assert report.branch_percent is None


def test_attributes_that_the_dtd_lets_out_are_zero() -> None:
    assert counts(read(sourcefile("p", "A", '<line nr="1"/>' + counter("LINE", 1, 0)))) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    "body",
    [
        '<line nr="1" ci="0"/>' + counter("LINE", 0, 1),
        '<line nr="1" ci="1"/>',
        '<line nr="1" ci="1" mb="1" cb="1"/>' + counter("LINE", 0, 1) + counter("BRANCH", 0, 2),
        counter("LINE", 0, 1) * 2,
        counter("LINE", -1, 1),
        counter("LINE", "NaN", 1),
        '<counter type="LINE" covered="1"/>',
        '<counter missed="1" covered="1"/>',
        '<line ci="1"/>',
        '<line nr="1" ci="-1"/>',
    ],
)
def test_counters_that_flatter_or_cannot_be_are_refused(body: str) -> None:
    with pytest.raises(CoverageUnreadable):
        read(sourcefile("p", "A.java", body))


@pytest.mark.parametrize("totals", [counter("LINE", 2, 1), counter("LINE", 1, 0), counter("BRANCH", 1, 0)])
def test_totals_worse_than_the_source_files_are_refused(totals: str) -> None:
    with pytest.raises(CoverageUnreadable, match="contradict"):
        read(sourcefile("p", "A.java", counter("LINE", 1, 1)) + totals)


def test_one_name_in_two_groups_is_refused_rather_than_guessed() -> None:
    one = sourcefile("p", "A.java", counter("LINE", 0, 5))
    with pytest.raises(CoverageUnreadable, match="twice"):
        read(f'<group name="a">{one}</group><group name="b">{one}</group>')


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<testsuite/>",
        "<package/>",
        '<package name="p"><sourcefile/></package>',
        '<sessioninfo id="a"/>',
        '<sessioninfo dump="-5"/>',
        "<sourcefile name='A'><line nr='1'/><counter type='LINE'/></sourcefile>",
        '<package name="a"><sourcefile name="../.."/></package>',
    ],
)
def test_a_document_of_another_shape_is_refused(body: str) -> None:
    with pytest.raises(CoverageUnreadable):
        read(body)


@pytest.mark.parametrize("dump", ["0", "9" * 18])
def test_a_dump_time_that_is_no_time_is_not_known(dump: str) -> None:
    assert read(f'<sessioninfo dump="{dump}"/><package name="p"/>').generated is None
