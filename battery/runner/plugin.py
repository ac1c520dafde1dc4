"""The plugin: each pytest item becomes one piece of evidence: measured, skipped or errored, never "passed"."""

import time
from collections.abc import Callable, Generator
from datetime import datetime
from typing import NamedTuple

import pytest

from battery import clock
from battery.chaos.scenarios.world import World
from battery.errors import BatteryError
from battery.model.event import AnyEvent, CheckFinished, CheckProgress, CheckStarted, CheckTold
from battery.model.evidence import CheckStatus, Evidence
from battery.model.plan import Plan, PlannedCheck
from battery.recording import Record
from battery.runner.bounds import Bounds
from battery.runner.fixtures import Fixtures
from battery.runner.marks import MARKS, check_id, digest_of
from battery.runner.outcome import Phase, one_line, outcome_of
from battery.runner.placeholder import PlaceholderItem
from battery.store import RunFolder

Emit = Callable[[AnyEvent], None]
_MOST_OUTPUT = 4 * 2**20


class _Running(NamedTuple):
    """The check at work."""

    check: PlannedCheck
    record: Record
    started: datetime
    began: float


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
        world: World | None = None,
    ) -> None:
        self._plan = plan
        self._digest = folder.digest()
        self._folder = folder
        self._secrets = secrets
        self._emit = emit
        self._done = done
        self._began = began
        self._checks = {check.id: check for check in plan.checks}
        self._changed: set[str] = set()
        self._phases: list[Phase] = []
        self._running: _Running | None = None
        self.fixtures = Fixtures(plan, folder, world)
        self.bounds = Bounds(self._give_up)
        self.problem: Exception | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        for mark in MARKS:
            config.addinivalue_line("markers", mark)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Exactly the planned checks that have no evidence yet."""
        open_checks = [check for check in self._plan.checks if check.id not in self._done]
        if self._plan.mode == "baseline":
            items[:] = [self._placeholder(session, check) for check in open_checks]
            return
        found = {check_id(item): item for item in items if isinstance(item, pytest.Function)}
        planned = [(check, found[check.id]) for check in open_checks if check.id in found]
        self._changed = {check.id for check, item in planned if digest_of(item) != check.sha256}
        items[:] = [item for check, item in planned if check.id not in self._changed]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        try:
            running = self._begin(self._checks[_id_of(item)])
            result = yield
            self._keep(running)
        except BatteryError as error:
            # What cannot be kept stops the run: going on would measure for nobody.
            self.problem = error
            item.session.shouldstop = str(error)
            return True
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Generator[None, object, object]:
        if self._left() <= 0:
            pytest.skip(f"the run's deadline of {self._plan.deadline:g} s had passed")
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        self._phases.append(Phase(report, call.excinfo.value if call.excinfo else None))
        return report

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """Keep a defect for the caller instead of printing it."""
        error = excinfo.value
        self.problem = self.problem or (error if isinstance(error, Exception) else RuntimeError(repr(error)))
        return True

    def record_missing(self, check: PlannedCheck) -> None:
        """Leave evidence of a planned check that did not run.

        Raises: StoreError.
        """
        reason = "it was planned, but its file is gone or it was not collected"
        if check.id in self._changed:
            reason = "its file changed after the plan was written; start a new run"
        self._finish(self._fresh(check), "missing", reason)

    def _begin(self, check: PlannedCheck) -> _Running:
        self._phases = []
        self._running = running = self._fresh(check)
        self.fixtures.current = running.record
        limit = min(check.limit, max(self._left(), 0.0))
        self.bounds.ends = running.began + limit
        number = list(self._checks).index(check.id) + 1
        self._emit(
            CheckStarted(at=self._elapsed(), check=check.id, title=check.title, number=number, limit=limit)
        )
        return running

    def _fresh(self, check: PlannedCheck) -> _Running:
        def progress(fraction: float, text: str) -> None:
            self._emit(CheckProgress(at=self._elapsed(), check=check.id, fraction=fraction, text=text))

        def told(text: str) -> None:
            self._emit(CheckTold(at=self._elapsed(), check=check.id, text=text))

        work = self._folder.work(check.id)
        record = Record(self._folder, self._secrets, progress, told=told, work=work)
        return _Running(check, record, clock.now(), time.monotonic())

    def _keep(self, running: _Running) -> None:
        """Write what the item recorded, with its traceback and its output as blobs."""
        record = running.record
        status, reason, traceback = outcome_of(self._phases, is_empty=record.is_empty)
        reason = one_line(record.masked(reason))
        if traceback:
            blob = record.blob("traceback", traceback.encode("utf-8", "replace"), "text/plain")
            reason = f"{reason} (traceback: blobs/{blob.sha256})"
        # Each report repeats what the phases before it wrote.
        sections = self._phases[-1].report.sections if self._phases else []
        output = record.masked("".join(content for _, content in sections))
        if output.strip():
            record.blob("output", output[:_MOST_OUTPUT].encode(), "text/plain")
        self._finish(running, status, reason)

    def _give_up(self) -> None:
        """The check swallows every interruption, and nothing else in Python ends it."""
        assert self._running is not None, "only a check at work overruns"  # noqa: S101 -- states an invariant
        reason = "it swallowed every interruption after its limit, so the run was ended; mend the check"
        self._finish(self._running, "errored", reason)

    def _finish(self, running: _Running, status: CheckStatus, reason: str) -> None:
        evidence = self._evidence(running, status, reason)
        self._folder.write_evidence(evidence)
        if status == "measured":
            self._folder.forget_work(evidence.check)
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

    def _evidence(self, running: _Running, status: CheckStatus, reason: str) -> Evidence:
        return running.record.evidence(
            check=running.check.id,
            mode=self._plan.mode,
            plan=self._digest,
            gates=running.check.gates,
            status=status,
            reason=reason,
            started=running.started,
            seconds=time.monotonic() - running.began,
        )

    def _placeholder(self, session: pytest.Session, check: PlannedCheck) -> pytest.Item:
        item: pytest.Item = PlaceholderItem.from_parent(
            session, name=check.id, plan=self._plan, check=check, fixtures=self.fixtures
        )
        return item

    def _left(self) -> float:
        return self._plan.deadline - self._elapsed()

    def _elapsed(self) -> float:
        return round(time.monotonic() - self._began, 3)


def _id_of(item: pytest.Item) -> str:
    return check_id(item) if isinstance(item, pytest.Function) else item.name
