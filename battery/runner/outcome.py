"""The outcome of an item: what its phases came to, why, and the traceback to keep."""

from collections.abc import Sequence
from typing import NamedTuple

import pytest

from battery.errors import BatteryError
from battery.model.evidence import CheckStatus
from battery.runner.confinement import CheckLeft
from battery.runner.time_limit import CheckOverran

_LONGEST = 300
_FORESEEN = (CheckOverran, CheckLeft, BatteryError)


class Phase(NamedTuple):
    """Setup, call or teardown of an item: pytest's report and what was raised in it."""

    report: pytest.TestReport
    error: BaseException | None


class Outcome(NamedTuple):
    """The status of a check, its reason as it was worded, and its traceback if it has one."""

    status: CheckStatus
    reason: str = ""
    traceback: str = ""


def outcome_of(phases: Sequence[Phase], *, is_empty: bool) -> Outcome:
    """Errored if any phase failed, skipped if any was, else measured; nothing recorded is never measured."""
    for report, error in phases:
        if report.failed:
            return Outcome("errored", _why_failed(report, error), report.longreprtext)
    for report, _ in phases:
        if report.skipped:
            return Outcome("skipped", _why_skipped(report))
    if is_empty:
        return Outcome("errored", "the check ended without recording a measure or a proof")
    return Outcome("measured")


def one_line(text: str) -> str:
    """The text without line breaks, cut where it gets long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _why_failed(report: pytest.TestReport, error: BaseException | None) -> str:
    if isinstance(error, _FORESEEN):
        return str(error)
    return _said_by_pytest(report.longreprtext) or f"{type(error).__name__}: {error}"


def _said_by_pytest(text: str) -> str:
    """The first line of the last block that pytest marks with E: of chained errors, the one that got out."""
    said = ""
    previous = ""
    for line in text.splitlines():
        if line.startswith("E ") and not previous.startswith("E "):
            said = line.removeprefix("E ")
        previous = line
    return said


def _why_skipped(report: pytest.TestReport) -> str:
    if hasattr(report, "wasxfail"):
        return f"expected to fail: {report.wasxfail or 'no reason given'}"
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped").removeprefix(":").strip() or "the check gave no reason"
