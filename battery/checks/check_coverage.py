"""Coverage: what the target's tests run, from a report that belongs to this source tree."""

from pathlib import Path

import pytest

from battery.model.definition import Definition
from battery.readiness.coverage.freshness import freshness_of
from battery.readiness.coverage.reading import read_report
from battery.recording import Record


@pytest.mark.gate("G1")
@pytest.mark.instrument("readiness")
@pytest.mark.measures("coverage.line", "coverage.branch", "coverage.files")
@pytest.mark.limit("2 min")
def check_report(target: Definition, source_folder: Path, record: Record) -> None:
    """Lines and branches that the target's tests run."""
    name = target.source.coverage if target.source else ""
    if not name:
        pytest.skip("no coverage report: name it as [source] coverage in battery.toml")
    path = source_folder / name
    if not path.is_file():
        pytest.skip(f"{path} does not exist: run the target's tests with coverage first")
    data = path.read_bytes()
    report = read_report(data, name)
    record.blob(path.name, data, "text/plain")
    freshness = freshness_of(report, source_folder, path.stat().st_mtime)
    record.proof(
        "report belongs to this tree", freshness.ok, "; ".join(freshness.reasons) or "all files matched"
    )
    record.fact("format", report.format)
    record.fact("files", str(len(report.files)))
    if freshness.known:
        least = min(freshness.known, key=lambda known: known.percent)
        record.measure("coverage.files", least.percent, n=least.files, note=least.kinds)
    if report.line_percent is not None:
        record.measure("coverage.line", report.line_percent, n=report.lines)
    if report.branch_percent is not None:
        record.measure("coverage.branch", report.branch_percent, n=report.branches)
