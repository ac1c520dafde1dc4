"""Bootstrap: does a clean checkout come up by the one command that battery.toml names, and how soon?"""

import os
import tempfile
from pathlib import Path

import pytest

from battery.model.definition import Definition
from battery.readiness.bootstrap.attempt import Attempt
from battery.readiness.bootstrap.drill import DrillReport, run_drill
from battery.readiness.bootstrap.errors import CommandMissing
from battery.readiness.bootstrap.free_port import free_port
from battery.readiness.bootstrap.ordered import drill_of
from battery.recording import Record

_MIB = 2**20


@pytest.mark.gate("G7")
@pytest.mark.instrument("readiness")
@pytest.mark.measures(
    "bootstrap.cold", "bootstrap.warm", "bootstrap.failures", "bootstrap.memory", "bootstrap.disk"
)
@pytest.mark.limit("75 min")
def check_drill(target: Definition, source_folder: Path, record: Record) -> None:
    """A clean checkout comes up by one command, cold and warm."""
    bootstrap = target.bootstrap
    if bootstrap is None:
        pytest.skip('no bootstrap command: give [bootstrap] command = ["make", "bootstrap"] in battery.toml')
    with tempfile.TemporaryDirectory(prefix="battery-bootstrap-", ignore_cleanup_errors=True) as scratch:
        drill = drill_of(bootstrap, source_folder, Path(scratch), free_port(), os.environ)
        record.progress(0.1, f"a clean checkout, then {' '.join(drill.command)}, {bootstrap.limit} at most")
        try:
            report = run_drill(drill, os.environ)
        except CommandMissing as error:
            record.measure("bootstrap.failures", 1, n=1, note=str(error))
            record.fact("bootstrap.cold", f"it did not come up: {error}")
            return
        _record(report, record)


def _record(report: DrillReport, record: Record) -> None:
    record.fact("checkout", f"a {report.how}, {report.checkout_seconds:.1f} s; {report.note or 'complete'}")
    tries = {"cold": report.cold} | ({"warm": report.warm} if report.warm else {})
    failures = [_attempt(name, attempt, record) for name, attempt in tries.items()]
    if report.cold.outcome == "occupied":
        pytest.skip(report.cold.reason)
    if report.clean_to_ready is not None:
        record.measure("bootstrap.cold", report.clean_to_ready, n=1, note=report.cold.reason)
    if report.warm and report.warm.came_up:
        record.measure("bootstrap.warm", report.warm.seconds, n=1, note=report.warm.reason)
    said = "; ".join(failure for failure in failures if failure)
    record.measure(
        "bootstrap.failures", sum(map(bool, failures)), n=len(tries), note=said or "each attempt came up"
    )
    _record_peaks(tuple(tries.values()), record)


def _attempt(name: str, attempt: Attempt, record: Record) -> str:
    """Keep what an attempt left; why it did not come up, or nothing when it did."""
    where = ""
    if attempt.log:
        blob = record.blob(attempt.log.name, attempt.log.read_bytes(), "text/plain")
        where = f" (log: blobs/{blob.sha256})"
    # Under the measure's name: where the time is absent, the verdict tells this instead.
    said = "" if attempt.came_up else "it did not come up: "
    words = f"{attempt.outcome} after {attempt.seconds:.1f} s: {attempt.reason}{where}"
    record.fact(f"bootstrap.{name}", f"{said}{words}")
    if attempt.log_cut:
        record.fact(f"{name} log", f"{attempt.log_cut} bytes had no room in it")
    if attempt.steps:
        record.fact(
            f"{name} steps", "; ".join(f"{step.title} {step.seconds:.1f} s" for step in attempt.steps)
        )
    left = ", ".join(attempt.left)
    record.proof(f"nothing of the {name} attempt is left running", not left, left or "every process is gone")
    return "" if attempt.came_up else f"{name}: {attempt.reason}{where}"


def _record_peaks(attempts: tuple[Attempt, ...], record: Record) -> None:
    """The most that any attempt took."""
    peaks = [attempt.peaks for attempt in attempts if attempt.peaks]
    if peaks:
        samples = sum(peak.samples for peak in peaks)
        record.measure("bootstrap.memory", max(peak.memory for peak in peaks) / _MIB, n=samples)
        record.measure("bootstrap.disk", max(peak.disk for peak in peaks) / _MIB, n=samples)
