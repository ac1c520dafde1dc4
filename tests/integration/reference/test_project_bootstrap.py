"""The reference project from a plain copy: it comes up, its quickstart runs, its tests measure the copy itself."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from battery.model.target import Source
from battery.readiness.bootstrap.checkout import check_out
from battery.readiness.bootstrap.drill import Drill, run_drill
from battery.readiness.bootstrap.environment import make_home, scrubbed
from battery.readiness.bootstrap.sandbox import Sandbox
from battery.readiness.coverage.command import run_tests
from battery.readiness.coverage.freshness import freshness_of
from battery.readiness.coverage.reading import read_report
from battery.readiness.docs.quickstart import run_quickstart
from battery.readiness.docs.quickstart_blocks import shell_blocks
from battery.readiness.docs.tree import DocumentTree
from battery.reference.defects.source_defects import SOURCE as PROJECT

LONG = 300.0
MEASURE = Source(
    path=str(PROJECT), coverage="coverage.json", coverage_command=(sys.executable, "project", "measure")
)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _environment(home: Path) -> dict[str, str]:
    """That of somebody who has this interpreter and nothing else of ours."""
    make_home(home)
    return {**scrubbed(home, {}), "PYTHON": sys.executable}


def _project(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "project", *words],
        cwd=folder,
        env=_environment(folder.parent / "home"),
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )


def test_a_plain_copy_becomes_ready_twice_and_leaves_nothing_running(tmp_path: Path) -> None:
    port = _free_port()
    drill = Drill(
        source=PROJECT,
        scratch=tmp_path,
        command=(sys.executable, "project", "serve", "--port", str(port), "--data", "data"),
        ready_url=f"http://127.0.0.1:{port}/api/health/ready",
        seconds=LONG,
        clone=False,
    )
    report = run_drill(drill, {})
    assert report.warm
    for attempt in (report.cold, report.warm):
        assert (attempt.outcome, attempt.left) == ("ready", ()), attempt.reason
        # The others are announced at the same moment as the service answers, and may come too late.
        assert attempt.steps[0].title.startswith("the price service listens on ")


def test_the_quickstart_runs_as_it_is_written(tmp_path: Path) -> None:
    folder = check_out(PROJECT, tmp_path / "copy", clone=False).folder
    blocks = shell_blocks(DocumentTree(folder).document("docs/quickstart.md"))
    sandbox = Sandbox(folder=folder, env=_environment(tmp_path / "home"), seconds=LONG)
    done = run_quickstart(blocks, sandbox, tmp_path / "quickstart.log")
    assert (done.outcome, done.begun, done.exit_code, done.left) == ("ran", len(blocks), 0, ()), done.reason


def test_the_tests_of_a_copy_measure_the_copy_and_reach_what_the_gate_asks(tmp_path: Path) -> None:
    tested = run_tests(MEASURE, PROJECT, tmp_path, os.environ)
    tested.require_report()
    report = read_report(tested.report.read_bytes(), "coverage.json")
    freshness = freshness_of(report, tested.folder, tested.report.stat().st_mtime)
    assert freshness.ok, freshness.reasons
    assert freshness.known[0].percent == 100
    assert report.line_percent is not None
    assert report.line_percent >= 90
    assert report.branch_percent is not None
    assert report.branch_percent >= 75
    assert tested.attempt.left == ()


@pytest.mark.parametrize(
    ("file", "before", "after", "tests"),
    [
        ("dependency/breaker.py", "self._row >= self._threshold", "False", "tests/test_dependency.py"),
        ("store/orders.py", "rowcount == 1", "rowcount == 2", "tests/test_orders.py"),
    ],
)
def test_breaking_the_copy_breaks_its_tests_and_the_original_is_not_asked(
    tmp_path: Path, file: str, before: str, after: str, tests: str
) -> None:
    folder = check_out(PROJECT, tmp_path / "copy", clone=False).folder
    whole = _project(folder, "test", tests)
    assert whole.returncode == 0, whole.stdout[-2000:]
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after), encoding="utf-8")
    broken = _project(folder, "test", tests)
    assert broken.returncode == 1, broken.stdout[-2000:]
    assert "failed" in broken.stdout


def test_tests_that_fail_leave_no_report(tmp_path: Path) -> None:
    folder = check_out(PROJECT, tmp_path / "copy", clone=False).folder
    for file in (folder / "tests").glob("test_*.py"):
        file.unlink()
    (folder / "tests" / "test_nothing.py").write_text("def test_nothing() -> None:\n    assert False\n")
    (folder / "coverage.json").write_text("{}")
    assert _project(folder, "measure").returncode == 1
    assert not (folder / "coverage.json").exists()


def test_a_copy_serves_also_where_no_battery_is_installed(tmp_path: Path) -> None:
    folder = check_out(PROJECT, tmp_path / "copy", clone=False).folder
    # -S: the packages are there, and the link to this checkout among them is not followed.
    packages = [str(folder / "project" / "path"), *(path for path in sys.path if "site-packages" in path)]
    code = (
        "import battery.reference.app, battery.reference.project.serve, importlib.util\n"
        "print(importlib.util.find_spec('battery.errors'), battery.reference.app.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-P", "-c", code],
        cwd=tmp_path,
        env={**_environment(tmp_path / "home"), "PYTHONPATH": os.pathsep.join(packages)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["None", str(folder / "app.py")], done.stderr
