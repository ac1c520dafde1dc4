"""Collection: which checks there are, before anything runs."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from battery.errors import BatteryError, DefinitionError
from battery.model.plan import PlannedCheck
from battery.runner.marks import MARKS, OWN_CHECKS, place, planned_check
from battery.runner.pytest_call import call_pytest


class _Collector:
    """The plugin that only looks."""

    def __init__(self) -> None:
        self.checks: list[PlannedCheck] = []
        self.problem: BatteryError | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        for mark in MARKS:
            config.addinivalue_line("markers", mark)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and self.problem is None:
            lines = [line for line in report.longreprtext.splitlines() if line.strip()]
            why = lines[-1].removeprefix("E").strip() if lines else "it cannot be imported"
            self.problem = DefinitionError(report.nodeid or "checks", f"cannot be collected: {why}")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        items = sorted((item for item in session.items if isinstance(item, pytest.Function)), key=place)
        try:
            self.checks = [planned_check(item) for item in items]
        except BatteryError as error:
            self.problem = self.problem or error


def collect_checks(folders: Sequence[Path]) -> tuple[PlannedCheck, ...]:
    """The battery's own checks and those in the user's folders, in the order in which they will run.

    Raises: DefinitionError when a folder is absent, holds no check, or a check file cannot be imported.
    """
    for folder in folders:
        if not folder.is_dir():
            raise DefinitionError("battery.toml", f"{folder} is no folder", key="checks.folders")
        if not any(folder.rglob("check_*.py")):
            raise DefinitionError("battery.toml", f"{folder} holds no check_*.py", key="checks.folders")
    collector = _Collector()
    call_pytest([OWN_CHECKS, *folders], [collector], "--collect-only")
    if collector.problem is not None:
        raise collector.problem
    return tuple(collector.checks)
