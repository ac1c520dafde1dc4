"""`project test` and `project measure`, on a small folder of their own."""

import json
import os
from pathlib import Path

import pytest

from battery.reference.project.tested import measure, run_tests


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one module, half of which its one test runs; what measures this very test stays out of it."""
    for name in [name for name in os.environ if name.startswith(("COV_", "COVERAGE_"))]:
        monkeypatch.delenv(name)
    folder = tmp_path / "small"
    (folder / "tests").mkdir(parents=True)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -q --import-mode=importlib -p no:cacheprovider\n")
    (folder / "shop.py").write_text("def price(n):\n    if n > 9:\n        return 8\n    return 9\n")
    test = "import sys\nsys.path.insert(0, '.')\nfrom shop import price\n\ndef test_price():\n    assert price(1) == 9\n"
    (folder / "tests" / "test_shop.py").write_text(test)
    return folder


def test_the_report_counts_the_folders_own_lines_and_branches(small: Path) -> None:
    out = small / "coverage.json"
    assert measure(out, root=small) == 0
    report = json.loads(out.read_text())
    assert list(report["files"]) == ["shop.py"]
    totals = report["totals"]
    assert (totals["num_statements"], totals["missing_lines"]) == (4, 1)
    assert (totals["num_branches"], totals["covered_branches"]) == (2, 1)


def test_below_the_least_it_fails_and_leaves_the_report(small: Path) -> None:
    assert measure(small / "coverage.json", 90, root=small) == 2
    assert (small / "coverage.json").exists()


def _add_share(small: Path, expected: int) -> None:
    """A test of the other share, which runs the other half of the module."""
    with (small / "pytest.ini").open("a") as settings:
        settings.write("markers =\n    processes: starts processes\n")
    text = "import pytest\nfrom shop import price\n\npytestmark = pytest.mark.processes\n\n"
    text += f"def test_many():\n    assert price(10) == {expected}\n"
    (small / "tests" / "test_many.py").write_text(f"import sys\nsys.path.insert(0, '.')\n{text}")


def test_both_shares_of_the_tests_count_in_one_report(small: Path, capfd: pytest.CaptureFixture[str]) -> None:
    _add_share(small, 8)
    assert measure(small / "coverage.json", root=small) == 0
    assert json.loads((small / "coverage.json").read_text())["totals"]["percent_covered"] == 100
    assert capfd.readouterr().out.count("1 passed") == 2


def test_a_share_that_fails_beside_one_that_passes_leaves_no_report_and_is_shown(
    small: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _add_share(small, 7)
    assert measure(small / "coverage.json", root=small) == 1
    assert not (small / "coverage.json").exists()
    assert "assert 8 == 7" in capfd.readouterr().out


def test_no_test_at_all_leaves_no_report(small: Path) -> None:
    (small / "tests" / "test_shop.py").unlink()
    assert measure(small / "coverage.json", root=small) == 5
    assert not (small / "coverage.json").exists()


def test_tests_that_fail_leave_no_report(small: Path) -> None:
    (small / "coverage.json").write_text("{}")
    (small / "shop.py").write_text("def price(n):\n    return 0\n")
    assert run_tests(root=small) == 1
    assert measure(small / "coverage.json", root=small) == 1
    assert not (small / "coverage.json").exists()
