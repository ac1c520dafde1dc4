"""Coverage: what the target's tests run, from a report that belongs to this source tree."""

import os
import tempfile
from pathlib import Path

import pytest

from battery.model.definition import Definition
from battery.model.target import Source
from battery.readiness.coverage.command import LOG, TestedCopy, run_tests
from battery.readiness.coverage.freshness import freshness_of
from battery.readiness.coverage.packages import least_covered
from battery.readiness.coverage.reading import read_report
from battery.readiness.coverage.report import CoverageReport
from battery.recording import Record


@pytest.mark.gate("G1")
@pytest.mark.instrument("readiness")
@pytest.mark.measures("coverage.line", "coverage.branch", "coverage.files", "coverage.package.least")
@pytest.mark.limit("70 min")
def check_report(target: Definition, source_folder: Path, record: Record) -> None:
    """Lines and branches that the target's tests run."""
    source = target.source
    if source is None or not source.coverage:
        pytest.skip("no coverage report: name it as [source] coverage in battery.toml")
    if source.coverage_command:
        _run_and_measure(source, source_folder, record)
        return
    path = source_folder / source.coverage
    if not path.is_file():
        pytest.skip(
            f"{path} does not exist: run the target's tests with coverage first, or give [source] coverage_command"
        )
    _measure(path, source.coverage, source_folder, record)


def _run_and_measure(source: Source, tree: Path, record: Record) -> None:
    """Let the command make the report in a copy; its log is kept whatever becomes of it."""
    with tempfile.TemporaryDirectory(prefix="battery-coverage-", ignore_cleanup_errors=True) as scratch:
        record.progress(0.1, f"the tests run in a copy, {source.coverage_limit} at most")
        tested = run_tests(source, tree, Path(scratch), os.environ)
        _keep(tested, record)
        tested.require_report()
        _measure(tested.report, source.coverage, tested.folder, record)


def _keep(tested: TestedCopy, record: Record) -> None:
    record.blob(LOG, tested.log(), "text/plain")
    record.fact("coverage command", f"{tested.attempt.reason}, after {tested.attempt.seconds:.1f} s")
    left = ", ".join(tested.attempt.left)
    record.proof("nothing is left running", not left, left or "every process of the command is gone")


def _measure(path: Path, name: str, tree: Path, record: Record) -> None:
    data = path.read_bytes()
    report = read_report(data, name)
    record.blob(path.name, data, "text/plain")
    freshness = freshness_of(report, tree, path.stat().st_mtime)
    record.proof(
        "report belongs to this tree", freshness.ok, "; ".join(freshness.reasons) or "all files matched"
    )
    record.fact("format", report.format)
    record.fact("files", str(len(report.files)))
    if freshness.known:
        least = min(freshness.known, key=lambda known: known.percent)
        record.measure("coverage.files", least.percent, n=least.files, note=least.kinds)
    _shares(report, tree, record)


def _shares(report: CoverageReport, tree: Path, record: Record) -> None:
    if report.line_percent is not None:
        record.measure("coverage.line", report.line_percent, n=report.lines)
    if report.branch_percent is not None:
        record.measure("coverage.branch", report.branch_percent, n=report.branches)
    if package := least_covered(report):
        name = package.name.removeprefix(f"{tree.resolve()}/")
        record.measure("coverage.package.least", package.percent, n=package.lines, note=name)
