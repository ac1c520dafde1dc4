"""Collection: which checks there are, before anything runs."""

from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from battery.errors import BatteryError, DefinitionError
from battery.model.plan import PlannedCheck
from battery.model.profile import Profile
from battery.runner.confinement import CheckLeft, confined
from battery.runner.marks import MARKS, OWN_CHECKS, place, planned_check
from battery.runner.outcome import one_line
from battery.runner.pytest_call import call_pytest
from battery.runner.time_limit import time_limit

IMPORT_LIMIT = 60.0


class ImportGuard:
    """The plugin that keeps an import of a check file from hanging or ending the run, and tells what failed."""

    def __init__(self, limit: float = IMPORT_LIMIT) -> None:
        self.problem: BatteryError | None = None
        self._limit = limit

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        try:
            with time_limit(self._limit), confined():
                report = yield
        except (SystemExit, CheckLeft) as error:
            return self._failed(collector, error)
        if report.skipped:
            self._note(
                collector, "skips itself as a whole; skip inside a check, so that its absence is recorded"
            )
        return report

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[object], report: object
    ) -> None:
        if isinstance(report, pytest.CollectReport) and isinstance(node, pytest.Collector) and call.excinfo:
            error = call.excinfo.value
            # pytest wraps what an import raised.
            cause = error.__cause__ if isinstance(error, pytest.Collector.CollectError) else None
            self._note(node, f"cannot be imported: {_in_words(cause or error)}")

    def _failed(self, collector: pytest.Collector, error: BaseException) -> pytest.CollectReport:
        self._note(collector, f"cannot be imported: {_in_words(error)}")
        return pytest.CollectReport(collector.nodeid, "failed", _in_words(error), None)

    def _note(self, node: pytest.Collector, problem: str) -> None:
        self.problem = self.problem or DefinitionError(str(node.path), problem)


class ProfileItems:
    """The plugin that makes one item a profile of a check marked `each_profile`, the user's own profiles too."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        self._ids = [profile.id for profile in profiles]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if metafunc.definition.get_closest_marker("each_profile"):
            items = [pytest.param(name, marks=pytest.mark.profile(name), id=name) for name in self._ids]
            metafunc.parametrize("profile", items)


class _Collector:
    """The plugin that only looks."""

    def __init__(self) -> None:
        self.items: list[pytest.Function] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        for mark in MARKS:
            config.addinivalue_line("markers", mark)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.items = [item for item in session.items if isinstance(item, pytest.Function)]


def collect_checks(folders: Sequence[Path], profiles: Sequence[Profile]) -> tuple[PlannedCheck, ...]:
    """The battery's own checks and those in the user's folders, in the order in which they will run.

    Raises: DefinitionError when a folder is absent, holds no check, or a check file cannot be imported.
    """
    for folder in folders:
        if not folder.is_dir():
            raise DefinitionError("battery.toml", f"{folder} is no folder", key="checks.folders")
    collector, guard = _Collector(), ImportGuard()
    code = call_pytest([OWN_CHECKS, *folders], [collector, guard, ProfileItems(profiles)], "--collect-only")
    if guard.problem is not None:
        raise guard.problem
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if code != pytest.ExitCode.OK:
        raise RuntimeError(f"pytest ended with {code} while it collected the checks")
    for folder in folders:
        if not any(folder.resolve() in item.path.resolve().parents for item in collector.items):
            raise DefinitionError(
                "battery.toml", f"{folder} holds no check_* function in a check_*.py", key="checks.folders"
            )
    return tuple(planned_check(item) for item in sorted(collector.items, key=place))


def _in_words(error: BaseException) -> str:
    name = {SystemExit: "sys.exit", pytest.exit.Exception: "pytest.exit"}.get(
        type(error), type(error).__name__
    )
    return one_line(f"{name}: {error}")
