"""The plugin: each pytest item becomes one piece of evidence: measured, skipped or errored, never "passed"."""

import time
from collections.abc import Callable, Generator

import pytest

from battery import clock
from battery.errors import BatteryError
from battery.model.event import AnyEvent, CheckFinished, CheckProgress, CheckStarted
from battery.model.evidence import CheckStatus, Evidence
from battery.model.plan import Plan, PlannedCheck
from battery.recording import Record
from battery.runner.fixtures import Fixtures
from battery.runner.marks import MARKS, check_id
from battery.runner.placeholder import record_placeholder
from battery.runner.time_limit import time_limit
from battery.store import RunFolder

Emit = Callable[[AnyEvent], None]


class PlaceholderItem(pytest.Item):
    """Stands in for a planned check in a baseline run."""

    def __init__(self, *, check: PlannedCheck, act: Callable[[PlannedCheck], None], **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self._check = check
        self._act = act

    def runtest(self) -> None:
        """Record placeholder evidence."""
        self._act(self._check)


class EvidencePlugin:
    """Runs the planned items in the plan's order and writes what each recorded."""

    def __init__(
        self,
        plan: Plan,
        folder: RunFolder,
        secrets: tuple[str, ...],
        emit: Emit,
        done: frozenset[str],
        began: float,
    ) -> None:
        self._plan = plan
        self._digest = folder.digest()
        self._folder = folder
        self._secrets = secrets
        self._emit = emit
        self._done = done
        self._began = began
        self._checks = {check.id: check for check in plan.checks}
        self._reports: list[pytest.TestReport] = []
        self.fixtures = Fixtures(plan, folder)
        self.problem: BatteryError | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        for mark in MARKS:
            config.addinivalue_line("markers", mark)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Exactly the planned checks that have no evidence yet."""
        by_id = {check_id(item): item for item in items if isinstance(item, pytest.Function)}
        open_checks = [check for check in self._plan.checks if check.id not in self._done]
        if self._plan.mode == "baseline":
            items[:] = [self._placeholder(session, check) for check in open_checks]
        else:
            items[:] = [by_id[check.id] for check in open_checks if check.id in by_id]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        check = self._checks[_id_of(item)]
        record = Record(
            self._folder, self._secrets, lambda fraction, text: self._progress(check, fraction, text)
        )
        self.fixtures.current = record
        self._reports = []
        number = list(self._checks).index(check.id) + 1
        limit = min(check.limit, max(self._plan.deadline - self._elapsed(), 0.0))
        self._emit(
            CheckStarted(at=self._elapsed(), check=check.id, title=check.title, number=number, limit=limit)
        )
        started, began = clock.now(), time.monotonic()
        result = yield
        status, reason = self._outcome(record)
        try:
            self._keep_output(record)
            evidence = record.evidence(
                check=check.id,
                mode=self._plan.mode,
                plan=self._digest,
                gates=check.gates,
                status=status,
                reason=reason,
                started=started,
                seconds=time.monotonic() - began,
            )
            self._finish(evidence)
        except BatteryError as error:
            self.problem = error
            item.session.shouldstop = str(error)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        check = self._checks[_id_of(item)]
        with time_limit(min(check.limit, self._plan.deadline - self._elapsed())):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        self._reports.append(report)
        return report

    def _placeholder(self, session: pytest.Session, check: PlannedCheck) -> pytest.Item:
        def act(check: PlannedCheck) -> None:
            assert self.fixtures.current is not None, "set before each item"  # noqa: S101 -- states an invariant
            record_placeholder(self.fixtures.current, self._plan, check)

        return PlaceholderItem.from_parent(session, name=check.id, check=check, act=act)

    def _outcome(self, record: Record) -> tuple[CheckStatus, str]:
        """The status and why; errors keep their traceback as a blob."""
        for report in self._reports:
            if report.failed:
                blob = record.blob("traceback", report.longreprtext.encode("utf-8", "replace"), "text/plain")
                return "errored", f"{_last_line(report.longreprtext)} (traceback: blobs/{blob.sha256})"
        for report in self._reports:
            if report.skipped:
                return "skipped", _skip_reason(report)
        if record.is_empty:
            return "errored", "the check ended without recording a measure or a proof"
        return "measured", ""

    def _keep_output(self, record: Record) -> None:
        text = "".join(content for report in self._reports for _, content in report.sections)
        if text.strip():
            record.blob("output", text.encode("utf-8", "replace"), "text/plain")

    def _finish(self, evidence: Evidence) -> None:
        self._folder.write_evidence(evidence)
        self._emit(
            CheckFinished(
                at=self._elapsed(),
                check=evidence.check,
                status=evidence.status,
                seconds=evidence.seconds,
                reason=evidence.reason,
                measures={measure.name: measure.value for measure in evidence.measures},
            )
        )

    def _progress(self, check: PlannedCheck, fraction: float, text: str) -> None:
        self._emit(CheckProgress(at=self._elapsed(), check=check.id, fraction=fraction, text=text))

    def _elapsed(self) -> float:
        return round(time.monotonic() - self._began, 3)


def _id_of(item: pytest.Item) -> str:
    return check_id(item) if isinstance(item, pytest.Function) else item.name


def _last_line(text: str) -> str:
    """The line of a pytest traceback that says what happened."""
    lines = [line.removeprefix("E").strip() for line in text.splitlines() if line.startswith("E ")]
    lines = lines or [line.strip() for line in text.splitlines() if line.strip()] or ["it failed"]
    return lines[0][:300]


def _skip_reason(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr)
