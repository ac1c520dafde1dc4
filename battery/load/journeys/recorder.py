"""The recorder: requests that begin, end, or never end become counts and latencies by stage and name."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate
from time import perf_counter_ns

from battery.load.generator.cell import Cell
from battery.load.job import JobStage
from battery.load.journeys.attempt import Attempt, Outcome
from battery.load.journeys.kinds import answer_kind
from battery.load.journeys.names import UNBEGUN, Names
from battery.load.journeys.samples import Samples, sample_of
from battery.load.journeys.traveller import Traveller
from battery.load.snapshot import Counts, Series

_NS = 1_000_000_000
NO_REQUEST = "a journey that made no request"
BROKEN_TASK = "an exception in a task that had made no request"


class Recorder:
    """One process's ledger. A request is entered as a whole once its outcome is known: only then its name is final."""

    def __init__(self, stages: Sequence[JobStage], clock: Callable[[], int] = perf_counter_ns) -> None:
        self.clock = clock
        self.zero = 0
        self.over = False
        self.names = Names()
        self.in_flight: dict[Attempt, None] = {}
        self.faults: Counter[str] = Counter()
        self.exceptions = Samples()
        self.dropped = 0
        self.foreign = False
        self.lag: list[int] = []
        self._shortages: Counter[str] = Counter()
        self._lag_counts: Counter[int] = Counter()
        self._cells: dict[tuple[int, int], Cell] = {}
        self._ends = [int(end * _NS) for end in accumulate(stage.seconds for stage in stages)]

    def stage_at(self, now: int) -> int:
        """The stage at a time; the first before the start, the last in the grace."""
        elapsed = now - self.zero
        return next((index for index, end in enumerate(self._ends) if elapsed < end), len(self._ends) - 1)

    def begin(self, traveller: Traveller | None, name: Callable[[], str]) -> Attempt:
        """A request begins: the journey has gone on, and what was due has begun."""
        now = self.clock()
        due, stage = self._due(traveller, now)
        if traveller is not None:
            self._release(traveller)
        attempt = Attempt(traveller, stage, due, now, name)
        self.in_flight[attempt] = None
        return attempt

    def returned(self, attempt: Attempt, answer: object) -> None:
        """The client's call is over; whoever asked to judge the answer may still do so."""
        self.in_flight.pop(attempt, None)
        if attempt.judged:
            return
        if attempt.traveller is None:
            self.judge(attempt, attempt.name(), answer_kind(answer), self.clock() - attempt.begun)
        else:
            attempt.traveller.unjudged[attempt] = answer

    def judge(self, attempt: Attempt, name: str, kind: str, service: int, shortage: str = "") -> None:
        """A request has its outcome. A request that was given up before keeps the outcome it had then."""
        if attempt.judged:
            return
        attempt.judged = True
        self.in_flight.pop(attempt, None)
        outcome = Outcome(attempt.stage, name, kind, service + attempt.begun - attempt.due, service, shortage)
        traveller = attempt.traveller
        if traveller is None:
            self._enter(outcome)
            return
        traveller.unjudged.pop(attempt, None)
        self._keep(traveller, outcome)

    def ended(self, traveller: Traveller | None, name: str, kind: str, service: int) -> None:
        """A request of a protocol whose starts are not seen has ended."""
        self.foreign = True
        now = self.clock()
        due, stage = self._due(traveller, now - service)
        outcome = Outcome(stage, name, kind, now - due, service)
        if traveller is None:
            self._enter(outcome)
        else:
            self._release(traveller)
            self._keep(traveller, outcome)

    def settle(
        self, traveller: Traveller, *, broken: Exception | None = None, cut_short: bool = False
    ) -> None:
        """A task ended: with an exception, cut short by the end of the run, or well.

        An answer that the task asked to judge and did not judge is not as expected. The last answer before an exception
        has failed by it, unless it had failed before: then the exception is only what came of that. A journey that made
        no request at all is dropped.
        """
        now = self.clock()
        unjudged = "expectation" if broken is None else "exception"
        for attempt, answer in list(traveller.unjudged.items()):
            kind = answer_kind(answer) or ("" if cut_short else unjudged)
            self.judge(attempt, attempt.name(), kind, now - attempt.begun)
            if kind == "exception" and broken is not None:
                self.exceptions.add(sample_of(broken))
        if broken is not None:
            self._break(traveller, broken)
        self._release(traveller)
        if traveller.due:
            traveller.due = 0
            self.drop(traveller.stage, NO_REQUEST)
        traveller.stumbled = False

    def expire(self, stage: int, due: int) -> None:
        """An arrival has waited in vain: for a user, that is a time-out."""
        self._enter(Outcome(stage, UNBEGUN, "timeout", self.clock() - due, 0))

    def drop(self, stage: int, shortage: str = "", count: int = 1) -> None:
        """Journeys were planned and not made, through no fault of the target."""
        if count:
            self._cell(stage, UNBEGUN).planned += count
            self.dropped += count
            if shortage:
                self._shortages[shortage] += count

    def abandon(self) -> int:
        """Fail what is still in flight with the latency it has reached; how many requests that are."""
        now = self.clock()
        left = list(self.in_flight)
        for attempt in left:
            self.judge(attempt, attempt.name(), "timeout", now - attempt.begun)
        return len(left)

    def fold(self) -> None:
        """Count the raw latencies; often, so that no second ends with a pause."""
        for cell in self._cells.values():
            cell.fold()
        self._lag_counts.update(self.lag)
        self.lag.clear()

    def take(self) -> tuple[tuple[Series, ...], Counts, dict[str, int]]:
        """Series, lags and shortages since the last take."""
        self.fold()
        series = tuple(taken for cell in self._cells.values() if (taken := cell.take()) is not None)
        lag, self._lag_counts = self._lag_counts, Counter()
        shortages, self._shortages = self._shortages, Counter()
        return series, lag, shortages

    def _due(self, traveller: Traveller | None, begun: int) -> tuple[int, int]:
        """When a request that began then was due, and in which stage."""
        if traveller is None or not traveller.due:
            return begun, self.stage_at(begun)
        traveller.due, due = 0, traveller.due
        return due, traveller.stage

    def _break(self, traveller: Traveller, error: Exception) -> None:
        """A task raised: its last answer has failed, or the locustfile is at fault where there was none."""
        if traveller.held is not None:
            outcome = traveller.held
            traveller.held = None
            self._enter(outcome._replace(kind="exception"))
        elif not traveller.stumbled:
            self.faults[BROKEN_TASK] += 1
        else:
            return
        self.exceptions.add(sample_of(error))

    def _keep(self, traveller: Traveller, outcome: Outcome) -> None:
        traveller.stumbled = bool(outcome.kind or outcome.shortage)
        if traveller.stumbled:
            self._enter(outcome)
        else:
            self._release(traveller)
            traveller.held = outcome

    def _release(self, traveller: Traveller) -> None:
        if traveller.held is not None:
            outcome = traveller.held
            traveller.held = None
            self._enter(outcome)

    def _enter(self, outcome: Outcome) -> None:
        cell = self._cell(outcome.stage, outcome.name)
        cell.planned += 1
        if outcome.shortage:
            self.dropped += 1
            self._shortages[outcome.shortage] += 1
            return
        cell.sent += 1
        if outcome.kind:
            cell.fail(outcome.kind, outcome.response, outcome.service)
        else:
            cell.ok += 1
            cell.response.append(outcome.response // 1000)
            cell.service.append(outcome.service // 1000)

    def _cell(self, stage: int, name: str) -> Cell:
        key = (stage, self.names.number(name))
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = Cell(*key)
        return found
