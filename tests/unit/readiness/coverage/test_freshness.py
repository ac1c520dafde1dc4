"""A report is fresh when it speaks of this tree, of enough of it, and of nothing changed since."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from battery.readiness.coverage.freshness import COPY_AFTER, Freshness, Known, freshness_of
from battery.readiness.coverage.report import CoverageReport, FileCoverage

WRITTEN = 1_700_000_000.0
MEASURED = WRITTEN + 60

Plant = Callable[..., None]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    def write(*paths: str, at: float = WRITTEN, text: str = "x = 1\n") -> None:
        for path in paths:
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            os.utime(file, (at, at))

    return write


def about(*paths: str, form: str = "coverage.py JSON", **more: object) -> CoverageReport:
    files = tuple(
        FileCoverage(path=path, lines=1, lines_covered=1, branches=0, branches_covered=0) for path in paths
    )
    return CoverageReport(format=form, files=files, **more)  # type: ignore[arg-type]  # passed through by name


def fresh(root: Path, *paths: str, form: str = "coverage.py JSON", **more: object) -> Freshness:
    return freshness_of(about(*paths, form=form, **more), root, MEASURED)


def test_a_report_of_the_whole_unchanged_tree_is_fresh(tmp_path: Path, plant: Plant) -> None:
    plant("app/a.py", "app/b.py")
    assert fresh(tmp_path, "app/a.py", "app/b.py") == Freshness(
        ok=True,
        reasons=(),
        matched=2,
        known=(Known(kinds=".py", known=2, files=2),),
        foreign=(),
        stale=(),
    )


def test_an_empty_report_is_not_fresh(tmp_path: Path, plant: Plant) -> None:
    plant("a.py")
    assert fresh(tmp_path).reasons == ("no file of the report is in the source tree",)


def test_a_tree_that_is_not_there_matches_nothing(tmp_path: Path) -> None:
    found = fresh(tmp_path / "gone", "a.py")
    assert (found.ok, found.matched, found.foreign) == (False, 0, ("a.py",))


def test_one_file_missing_from_the_tree_makes_the_report_foreign(tmp_path: Path, plant: Plant) -> None:
    plant("a.py")
    found = fresh(tmp_path, "a.py", "gone.py")
    assert (found.ok, found.matched, found.foreign) == (False, 1, ("gone.py",))


def test_many_foreign_files_are_counted_and_three_are_named(tmp_path: Path, plant: Plant) -> None:
    plant("a.py")
    reasons = fresh(tmp_path, "a.py", *(f"g{n}.py" for n in range(5))).reasons
    assert reasons == (
        "foreign: files are not, or not clearly, in the source tree: 5: g0.py, g1.py, g2.py, …",
    )


def test_absolute_paths_and_backslashes_inside_the_tree_match(tmp_path: Path, plant: Plant) -> None:
    plant("app/a.py", "app/b.py")
    assert fresh(tmp_path, f"{tmp_path}/app/a.py", "app\\b.py").ok


def test_paths_out_of_the_tree_are_foreign_even_when_they_exist(tmp_path: Path, plant: Plant) -> None:
    plant("tree/a.py", "beside.py")
    outside = ("../beside.py", f"{tmp_path}/beside.py", "/etc/hostname", "x" * 5000 + ".py", "nul\0.py")
    for form in ("coverage.py JSON", "LCOV"):
        found = fresh(tmp_path / "tree", "a.py", *outside, form=form)
        assert (found.ok, set(found.foreign)) == (False, set(outside))


@pytest.mark.parametrize("source", ["src", "./src/", "{root}/src", "{root}"])
def test_source_folders_of_the_report_are_tried(tmp_path: Path, plant: Plant, source: str) -> None:
    plant("src/app/a.py")
    name = "src/app/a.py" if source == "{root}" else "app/a.py"
    sources = ("/elsewhere", source.format(root=tmp_path))
    assert fresh(tmp_path, name, form="Cobertura XML", sources=sources).ok


def test_a_name_found_under_two_source_folders_is_foreign(tmp_path: Path, plant: Plant) -> None:
    plant("one/a.py", "two/a.py", "a.py")
    assert fresh(tmp_path, "a.py", form="Cobertura XML", sources=("one", "two")).foreign == ("a.py",)


@pytest.mark.parametrize("form", ["JaCoCo XML", "LCOV"])
def test_a_rootless_path_matches_by_its_unique_ending(tmp_path: Path, plant: Plant, form: str) -> None:
    plant("src/main/java/org/acme/A.java", "src/main/java/org/notacme/A.java")
    assert fresh(tmp_path, "org/acme/A.java", form=form).matched == 1


def test_an_ending_that_two_files_share_is_foreign(tmp_path: Path, plant: Plant) -> None:
    plant("one/org/A.java", "two/org/A.java")
    assert fresh(tmp_path, "org/A.java", form="JaCoCo XML").foreign == ("org/A.java",)


def test_other_formats_do_not_match_by_ending(tmp_path: Path, plant: Plant) -> None:
    plant("src/app/a.py")
    assert fresh(tmp_path, "app/a.py").foreign == ("app/a.py",)


def test_one_file_under_two_names_would_count_twice(tmp_path: Path, plant: Plant) -> None:
    plant("a.py")
    found = fresh(tmp_path, "a.py", f"{tmp_path}/a.py")
    assert found.reasons == ("doubled: files are counted under two names: 1: a.py",)


def test_a_file_changed_after_the_report_is_stale(tmp_path: Path, plant: Plant) -> None:
    plant("a.py")
    plant("b.py", at=MEASURED + 2)
    found = fresh(tmp_path, "a.py", "b.py")
    assert (found.ok, found.stale) == (False, ("b.py",))
    assert found.reasons == ("stale: files are newer than the report: 1: b.py",)


def test_a_source_file_written_after_the_report_is_stale_though_the_report_does_not_know_it(
    tmp_path: Path, plant: Plant
) -> None:
    plant("a.py", "README.md")
    plant("new.py", "README.md", "tests/test_a.py", at=MEASURED + 2)
    assert fresh(tmp_path, "a.py").stale == ("new.py",)


def test_the_granularity_of_file_times_is_tolerated(tmp_path: Path, plant: Plant) -> None:
    plant("a.py", at=MEASURED + 0.9)
    assert fresh(tmp_path, "a.py").ok


def test_a_report_time_that_is_no_number_makes_everything_stale(tmp_path: Path, plant: Plant) -> None:
    plant("a.py")
    assert freshness_of(about("a.py"), tmp_path, float("nan")).stale == ("a.py",)


@pytest.mark.parametrize("zone", [UTC, None])
def test_an_old_report_checked_out_today_is_as_old_as_it_says(
    tmp_path: Path, plant: Plant, zone: object
) -> None:
    plant("a.py")
    said = datetime.fromtimestamp(MEASURED - COPY_AFTER, UTC) - timedelta(hours=1)
    found = fresh(tmp_path, "a.py", generated=said.replace(tzinfo=zone))  # type: ignore[arg-type]
    assert found.stale == ("a.py",)


def test_a_report_handed_between_jobs_within_a_day_keeps_the_time_of_its_file(
    tmp_path: Path, plant: Plant
) -> None:
    plant("a.py")
    assert fresh(tmp_path, "a.py", generated=datetime.fromtimestamp(WRITTEN - 3600, UTC)).ok


def test_a_report_of_a_small_part_of_the_tree_says_how_small(tmp_path: Path, plant: Plant) -> None:
    plant(*(f"app/m{n}.py" for n in range(40)))
    found = fresh(tmp_path, "app/m0.py")
    assert found.known == (Known(kinds=".py", known=1, files=40),)
    assert found.known[0].percent == 2.5


def test_what_is_not_own_source_is_not_demanded(tmp_path: Path, plant: Plant) -> None:
    plant("a.py")
    plant(
        "tests/b.py",
        "test_c.py",
        "conftest.py",
        ".hidden/d.py",
        ".e.py",
        "node_modules/f.py",
        "env/pyvenv.cfg",
    )
    plant(
        "env/lib/g.py",
        "lib/site-packages/h.py",
        "build/lib/a.py",
        "vendor/i.py",
        "j.pyi",
        "run.sh",
        "LICENSE",
    )
    plant("pkg/__init__.py", "other/__init__.py", text="")
    assert fresh(tmp_path, "a.py").known == (Known(kinds=".py", known=1, files=1),)


def test_files_installed_inside_the_tree_are_foreign(tmp_path: Path, plant: Plant) -> None:
    plant("a.py", "venv/pyvenv.cfg", "venv/lib/b.py", "node_modules/c.py")
    assert fresh(tmp_path, "a.py", "venv/lib/b.py", "node_modules/c.py").foreign == (
        "node_modules/c.py",
        "venv/lib/b.py",
    )


def test_generated_sources_in_an_output_folder_count_when_reported(tmp_path: Path, plant: Plant) -> None:
    plant("target/generated/A.java", "target/generated/B.java")
    assert fresh(tmp_path, "target/generated/A.java").known == (Known(kinds=".java", known=1, files=1),)


def test_a_report_of_one_language_answers_for_its_siblings(tmp_path: Path, plant: Plant) -> None:
    plant("a.js", "b.ts", "c.ts", "d.tsx", "e.d.ts", "f.py")
    found = fresh(tmp_path, "a.js", form="LCOV").known
    assert found == (Known(kinds=".js .ts .tsx", known=1, files=4),)


def test_test_files_in_the_report_do_not_make_up_for_missing_sources(tmp_path: Path, plant: Plant) -> None:
    tests = [f"tests/test_{n}.py" for n in range(9)]
    plant(*tests, *(f"m{n}.py" for n in range(9)))
    assert fresh(tmp_path, "m0.py", *tests).known == (Known(kinds=".py", known=1, files=9),)


@pytest.mark.parametrize("path", ["tests/test_a.py", "script", "include/a.h"])
def test_a_report_of_tests_or_of_no_known_language_is_partial(
    tmp_path: Path, plant: Plant, path: str
) -> None:
    plant(path, "a.py")
    assert fresh(tmp_path, path).reasons[0].startswith("partial: the report knows only tests")


def test_loops_of_links_end_and_linked_paths_match_what_they_mean(tmp_path: Path, plant: Plant) -> None:
    plant("tree/app/a.py", "outside/b.py")
    tree = tmp_path / "tree"
    (tree / "app/loop").symlink_to(tree)
    (tree / "self.py").symlink_to("self.py")
    (tree / "linked").symlink_to("app")
    (tree / "escape.py").symlink_to(tmp_path / "outside/b.py")
    (tree / "dangling.py").symlink_to("nowhere")
    (tmp_path / "alias").symlink_to(tree)
    assert fresh(tmp_path / "alias", "linked/a.py").ok
    assert fresh(tmp_path / "alias", f"{tmp_path}/alias/app/loop/app/loop/app/a.py").ok
    assert fresh(tree, "app/a.py", "self.py", "escape.py", "dangling.py").foreign == (
        "dangling.py",
        "escape.py",
        "self.py",
    )


def test_a_name_in_another_encoding_stays_printable(tmp_path: Path, plant: Plant) -> None:
    plant("a.py")
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.py")
    Path(odd).write_text("x = 1")
    assert fresh(tmp_path, "a.py").stale == ("?.py",)


@pytest.mark.parametrize("mode", [0o000, 0o400])
def test_a_folder_that_cannot_be_read_is_a_reason(tmp_path: Path, plant: Plant, mode: int) -> None:
    plant("a.py", "closed/b.py")
    (tmp_path / "closed").chmod(mode)
    if os.access(tmp_path / "closed", os.X_OK):
        pytest.skip("this user enters every folder")
    try:
        assert fresh(tmp_path, "a.py").reasons[0].startswith("parts of the source tree cannot be read: 1: ")
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_a_project_whose_root_is_a_virtual_environment_is_still_looked_at(
    tmp_path: Path, plant: Plant
) -> None:
    plant("pyvenv.cfg", "a.py", "lib/python3/site-packages/b.py")
    assert fresh(tmp_path, "a.py").ok
