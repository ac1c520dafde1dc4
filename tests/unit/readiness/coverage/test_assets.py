"""Every format that real tools wrote about one tiny project tells the same truth."""

from pathlib import Path

import pytest

from battery.readiness.coverage.reading import read_report

ASSETS = Path(__file__).parents[3] / "assets" / "coverage"
EXPECTED = [
    ("coveragepy-lines.json", "coverage.py JSON", (12, 7, 0, 0)),
    ("coveragepy-branches.json", "coverage.py JSON", (12, 7, 6, 3)),
    ("coveragepy-contexts.json", "coverage.py JSON", (12, 7, 6, 3)),
    ("coveragepy-lines.xml", "Cobertura XML", (12, 7, 0, 0)),
    ("coveragepy-branches.xml", "Cobertura XML", (12, 7, 6, 3)),
    ("coveragepy-branches.lcov", "LCOV", (12, 7, 6, 3)),
    ("jacoco.xml", "JaCoCo XML", (6, 3, 4, 3)),
]


@pytest.mark.parametrize(("name", "form", "counts"), EXPECTED)
def test_the_counts_are_those_of_the_project(name: str, form: str, counts: tuple[int, ...]) -> None:
    report = read_report((ASSETS / name).read_bytes(), name)
    assert report.format == form
    assert (report.lines, report.lines_covered, report.branches, report.branches_covered) == counts


@pytest.mark.parametrize(
    "name", ["coveragepy-branches.json", "coveragepy-branches.xml", "coveragepy-branches.lcov"]
)
def test_every_format_agrees_on_every_file(name: str) -> None:
    files = read_report((ASSETS / name).read_bytes(), name).files
    assert [(f.path, f.lines, f.lines_covered, f.branches, f.branches_covered) for f in files] == [
        ("shop/__init__.py", 0, 0, 0, 0),
        ("shop/cart.py", 11, 7, 6, 3),
        ("shop/unused.py", 1, 0, 0, 0),
    ]


def test_a_report_without_branches_has_no_branch_percentage() -> None:
    report = read_report((ASSETS / "coveragepy-lines.xml").read_bytes(), "x")
    assert report.branch_percent is None
    assert report.line_percent == pytest.approx(100 * 7 / 12)


@pytest.mark.parametrize("name", [name for name, _, _ in EXPECTED if "lcov" not in name])
def test_the_time_of_making_is_known_except_in_lcov(name: str) -> None:
    assert read_report((ASSETS / name).read_bytes(), name).generated is not None


def test_cobertura_tells_its_source_folders() -> None:
    report = read_report((ASSETS / "coveragepy-branches.xml").read_bytes(), "x")
    assert report.sources == ("/work/shop-project",)


def test_jacoco_paths_join_package_and_source_file_inside_and_outside_of_groups() -> None:
    report = read_report((ASSETS / "jacoco.xml").read_bytes(), "x")
    assert [file.path for file in report.files] == ["Main.java", "org/example/ledger/Entry.java"]
    assert report.generated is not None
    assert report.generated.timestamp() == 1700000160.5
