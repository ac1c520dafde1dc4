"""The engine: connections, deadlines, bookkeeping and snapshots; a workload model drives it."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from itertools import accumulate
from random import Random
from time import perf_counter_ns
from typing import Protocol

from battery.load.generator.cell import Cell
from battery.load.generator.connection import BodyConnection, Connection, Request
from battery.load.generator.dialer import Dialer, Refusal
from battery.load.generator.usage import CpuMeter, Share, resident_bytes
from battery.load.job import Job, JobEndpoint
from battery.load.snapshot import Series, Snapshot

TICK = 0.05
_NS = 1_000_000_000
# How long after the end arrivals that are late by a hair may still leave; what is behind by more is dropped.
_CATCH_UP = 0.1


class Attempt:
    """A connection being opened. `since`: from when on a user waits for it; `again`: the request it will repeat."""

    __slots__ = ("again", "begun", "since", "task")

    def __init__(self, since: int, again: Request | None) -> None:
        self.begun = perf_counter_ns()
        self.since, self.again = since, again
        self.task: asyncio.Task[None] | None = None


class Model(Protocol):
    """Decides when requests are sent."""

    lag_source: str
    dropped: int

    def start(self, zero_ns: int) -> None:
        """Begin; stage 0 starts at `zero_ns` of the monotonic clock."""
        ...

    def idle(self, connection: Connection) -> None:
        """A connection can take a request."""
        ...

    def lost(self, connection: Connection, kind: str) -> None:
        """A connection went away, with a request of its own when there is an error kind."""
        ...

    def refused(self, attempt: Attempt, refusal: Refusal) -> None:
        """A connection could not be opened."""
        ...

    def waiting(self) -> int:
        """How many arrivals wait for a connection."""
        ...

    def tick(self, now: int) -> None:
        """Called often: expire what waits too long."""
        ...

    def behind(self, until: int) -> bool:
        """Whether something that was due by then is still to be sent."""
        ...

    def finish(self, until: int) -> None:
        """Plan nothing more; what was due by then and has not been sent is dropped."""
        ...

    def unsettled(self) -> bool:
        """Whether users still wait for a connection."""
        ...

    def abandon(self, now: int) -> int:
        """Fail what still waits; how many that were."""
        ...


class Engine:
    """One generator's state."""

    def __init__(self, job: Job, loop: asyncio.AbstractEventLoop, emit: Callable[[Snapshot], None]) -> None:
        self.job, self.loop, self.emit = job, loop, emit
        self.model: Model
        self.connections: set[Connection] = set()
        self.attempts: set[Attempt] = set()
        self.body_cap = job.body_cap
        self.lag: list[int] = []
        self.closing = False
        self.stopped = False
        self.shortages: Counter[str] = Counter()
        self._lag_counts: Counter[int] = Counter()
        self._cells = [[Cell(s, e) for e in range(len(job.endpoints))] for s in range(len(job.stages))]
        self._kind = BodyConnection if any(e.body_contains or e.json for e in job.endpoints) else Connection
        self._dialer = Dialer(job, loop)
        self._random = Random(f"{job.seed}:{job.worker}:endpoints")
        self._choices: deque[int] = deque()
        self._deadline_ns = int(job.deadline * _NS)
        self._ends = [int(end * _NS) for end in accumulate(stage.seconds for stage in job.stages)]
        self._dropped = 0
        self._cpu = CpuMeter()
        self._share = Share()

    def choose(self, stage: int) -> tuple[Cell, JobEndpoint]:
        """The next endpoint by weight, with its cell in the stage."""
        if not self._choices:
            weights = [endpoint.weight for endpoint in self.job.endpoints]
            self._choices.extend(self._random.choices(range(len(weights)), weights, k=1024))
        index = self._choices.popleft()
        return self._cells[stage][index], self.job.endpoints[index]

    def plan_unsent(self, counts: Sequence[int]) -> int:
        """Count arrivals of each stage as planned and never sent, by the endpoints' weights; how many in all."""
        weights = [0, *accumulate(endpoint.weight for endpoint in self.job.endpoints)]
        for row, count in zip(self._cells, counts, strict=True):
            edges = [count * weight // weights[-1] for weight in weights]
            for cell, low, high in zip(row, edges, edges[1:], strict=False):
                cell.planned += high - low
        return sum(counts)

    def idle(self, connection: Connection) -> None:
        """Hand the connection to the model."""
        self.model.idle(connection)

    def lost(self, connection: Connection, kind: str) -> None:
        """Tell the model."""
        if not self.closing:
            self.model.lost(connection, kind)

    def connect(self, since: int = 0, again: Request | None = None) -> None:
        """Begin to open one connection more."""
        attempt = Attempt(since, again)
        self.attempts.add(attempt)
        attempt.task = self.loop.create_task(self._connect(attempt))

    def repeat(self, request: Request) -> None:
        """Send a request again on a fresh connection."""
        request.cell.retried += 1
        self.connect(again=request)

    def stop(self) -> None:
        """End early: plan nothing more from here on, let what is in flight finish, tell the rest."""
        self.stopped = True

    async def run(self) -> None:
        """The whole job, from its common start to the last snapshot.

        Raises: CannotResolve.
        """
        await self._dialer.resolve()
        zero = perf_counter_ns() + int((self.job.start - time.time()) * _NS)  # noqa: TID251 -- generators on several machines share only the wall clock
        self.model.start(zero)
        second = await self._send(zero, zero + self._ends[-1])
        unfinished = await self._grace()
        self.emit(self._snapshot(second, zero, last=True, unfinished=unfinished))
        self._close()

    async def _send(self, zero: int, end: int) -> int:
        """Tell each second until all is sent; the number of the second after."""
        second = 0
        while (now := perf_counter_ns()) < end and not self.stopped:
            await asyncio.sleep(min(TICK, (end - now) / _NS))
            self._tick(perf_counter_ns())
            elapsed = perf_counter_ns() - zero
            if elapsed < 0:
                self._cpu.restart()
            elif elapsed >= (second + 1) * _NS:
                self._share = self._cpu.read()
                self.emit(self._snapshot(second, zero))
                second = elapsed // _NS
        until = min(end, perf_counter_ns())
        limit = until + int(_CATCH_UP * _NS)
        while self.model.behind(until) and perf_counter_ns() < limit:
            await asyncio.sleep(0)
        self.model.finish(until)
        if until - zero > second * _NS:
            self._share = self._cpu.read()
            self.emit(self._snapshot(second, zero))
            second += 1
        return second

    async def _connect(self, attempt: Attempt) -> None:
        try:
            refusal = await self._dialer.dial(lambda: self._kind(self, attempt.since, attempt.again))
        finally:
            self.attempts.discard(attempt)
        if refusal is None or self.closing:
            return
        if refusal.shortage:
            self.shortages[refusal.shortage] += 1
        if attempt.again is not None:
            now = perf_counter_ns()
            attempt.again.cell.fail(
                refusal.kind or "reset", now - attempt.again.intended, now - attempt.begun
            )
        self.model.refused(attempt, refusal)

    def _tick(self, now: int) -> None:
        """Expire requests past their deadline; fold latencies a little at a time."""
        oldest = now - self._deadline_ns
        for connection in list(self.connections):
            if connection.busy and connection.sent < oldest:
                connection.fail("timeout", now)
        self.model.tick(now)
        for row in self._cells:
            for cell in row:
                cell.fold()
        if self.lag:
            self._lag_counts.update(self.lag)
            self.lag.clear()

    async def _grace(self) -> int:
        """Let what was sent or waits end, for one deadline at most; what has not ended then has failed."""
        limit = perf_counter_ns() + self._deadline_ns
        while self._unsettled() and perf_counter_ns() < limit:
            await asyncio.sleep(0.01)
            self._tick(perf_counter_ns())
        self.closing = True
        now = perf_counter_ns()
        left = [connection for connection in self.connections if connection.busy]
        for connection in left:
            connection.fail("timeout", now)
        repeats = [attempt for attempt in self.attempts if attempt.again is not None]
        for attempt in repeats:
            attempt.again.cell.fail("timeout", now - attempt.again.intended, now - attempt.begun)  # type: ignore[union-attr]
        return len(left) + len(repeats) + self.model.abandon(now)

    def _unsettled(self) -> bool:
        return (
            self.model.unsettled()
            or any(connection.busy for connection in self.connections)
            or any(attempt.again is not None for attempt in self.attempts)
        )

    def _snapshot(self, second: int, zero: int, *, last: bool = False, unfinished: int = 0) -> Snapshot:
        series: list[Series] = []
        for row in self._cells:
            series += [taken for cell in row if (taken := cell.take()) is not None]
        self._lag_counts.update(self.lag)
        self.lag.clear()
        lag, self._lag_counts = self._lag_counts, Counter()
        shortages, self.shortages = self.shortages, Counter()
        return Snapshot(
            worker=self.job.worker,
            second=second,
            stage=self._stage_at(perf_counter_ns() - zero),
            series=tuple(series),
            lag=lag,
            in_flight=sum(connection.busy for connection in self.connections),
            waiting=self.model.waiting(),
            connections=len(self.connections),
            cpu=self._share.cpu,
            starved=self._share.starved,
            rss=resident_bytes(),
            lag_source=self.model.lag_source,
            last=last,
            stopped=self.stopped,
            dropped=self._newly_dropped(),
            unfinished=unfinished,
            shortages=shortages,
            run=self.job.run,
        )

    def _newly_dropped(self) -> int:
        """Those since the snapshot before: a sitting that dies must not take them along."""
        before, self._dropped = self._dropped, self.model.dropped
        return self._dropped - before

    def _stage_at(self, elapsed: int) -> int:
        return next((index for index, end in enumerate(self._ends) if elapsed < end), len(self._ends) - 1)

    def _close(self) -> None:
        for connection in list(self.connections):
            connection.close()
        for attempt in self.attempts:
            if attempt.task is not None:
                attempt.task.cancel()
