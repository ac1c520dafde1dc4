"""Packages: the least covered one, whatever the whole says."""

from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.coverage.packages import least_covered, packages_of
from battery.readiness.coverage.report import CoverageReport, FileCoverage


def file(path: str, lines: int, covered: int) -> FileCoverage:
    return FileCoverage(path=path, lines=lines, lines_covered=covered, branches=0, branches_covered=0)


def report(*files: FileCoverage) -> CoverageReport:
    return CoverageReport(format="a format", files=files)


def test_the_package_with_the_smallest_share_is_named() -> None:
    told = report(file("shop/a.py", 90, 90), file("shop/b.py", 10, 0), file("shop/tax/c.py", 4, 1))
    least = least_covered(told)
    assert least is not None
    assert (least.name, least.percent, least.lines) == ("shop/tax", 25, 4)
    assert [package.name for package in packages_of(told)] == ["shop", "shop/tax"]


def test_tests_and_files_without_lines_are_no_packages() -> None:
    told = report(file("tests/test_a.py", 10, 0), file("shop/__init__.py", 0, 0), file("a\\b.py", 2, 1))
    assert [package.name for package in packages_of(told)] == ["a"]
    assert least_covered(report()) is None


counts = st.integers(1, 50).flatmap(lambda lines: st.tuples(st.just(lines), st.integers(0, lines)))


@given(st.lists(st.tuples(st.sampled_from("abc"), counts), min_size=1))
def test_the_least_is_never_above_the_whole(drawn: list[tuple[str, tuple[int, int]]]) -> None:
    files = [file(f"{folder}/{n}.py", *pair) for n, (folder, pair) in enumerate(drawn)]
    told = report(*files)
    least, whole = least_covered(told), told.line_percent
    assert least is not None
    assert whole is not None
    assert least.percent <= whole + 1e-9
    assert sum(package.lines for package in packages_of(told)) == told.lines
