"""The open model: arrivals follow their schedule whatever the answers do; nothing is forgiven."""

from collections import deque
from random import Random
from time import perf_counter_ns

from battery.load.generator.cell import Cell
from battery.load.generator.connection import Connection
from battery.load.generator.engine import Engine
from battery.load.generator.wakeup import make_wakeup
from battery.load.job import JobEndpoint
from battery.load.schedule import arrivals

_NS = 1_000_000_000
_NEVER = 1 << 62
_BATCH = 256  # answers are read between batches, however late the schedule is


class OpenModel:
    """Sends each arrival when it is due; one without a free connection opens one, past the limit it waits."""

    def __init__(self, engine: Engine) -> None:
        job = engine.job
        self._engine = engine
        self._schedule = arrivals(
            job.stages, job.arrivals, Random(f"{job.seed}:{job.worker}:arrivals"), job.phase
        )
        self._wakeup = make_wakeup(engine.loop, self._wake)
        self.lag_source = self._wakeup.source
        self._free: list[Connection] = []
        self._queue: deque[tuple[Cell, JobEndpoint, int]] = deque()
        self._deadline = int(job.deadline * _NS)
        self._zero = 0
        self._due, self._stage = _NEVER, 0
        self._stopped = False

    def start(self, zero_ns: int) -> None:
        """Open a few connections ahead of time, then wait for the first arrival."""
        self._zero = zero_ns
        for _ in range(min(16, self._engine.job.connections)):
            self._engine.connect()
        self._advance()
        self._wakeup.at(self._due)

    def idle(self, connection: Connection) -> None:
        """Serve the arrival that waits longest, or keep the connection ready."""
        if self._queue:
            cell, endpoint, due = self._queue.popleft()
            now = perf_counter_ns()
            connection.send(cell, endpoint, due, now)
        else:
            self._free.append(connection)

    def lost(self, connection: Connection | None, kind: str) -> None:
        """A connection that could not be made fails the arrival that waited for it; others are opened anew."""
        if connection is None and self._queue:
            self._fail_waiting(kind, perf_counter_ns())
        elif connection is not None and connection in self._free:
            self._free.remove(connection)
        self._open_for_waiting()

    def waiting(self) -> int:
        """Arrivals without a connection."""
        return len(self._queue)

    def tick(self, now: int) -> None:
        """An arrival that has waited a whole deadline has timed out, as a user would say."""
        while self._queue and now - self._queue[0][2] > self._deadline:
            self._fail_waiting("timeout", now)

    def finish(self) -> int:
        """Stop; arrivals that were due and never got as far as this are dropped."""
        self._stopped = True
        self._wakeup.close()
        dropped = 0
        while self._due != _NEVER:
            cell, _ = self._engine.choose(self._stage)
            cell.planned += 1
            dropped += 1
            self._advance()
        return dropped

    def _wake(self) -> None:
        """Send all that is due, then sleep until the next arrival."""
        now = perf_counter_ns()
        for _ in range(_BATCH):
            if self._due > now:
                break
            self._arrive(now)
            self._advance()
            now = perf_counter_ns()
        self._wakeup.at(self._due)

    def _arrive(self, now: int) -> None:
        cell, endpoint = self._engine.choose(self._stage)
        cell.planned += 1
        self._engine.lag.append((now - self._due) // 1000)
        while self._free:
            connection = self._free.pop()
            if connection.transport is not None and not connection.transport.is_closing():
                connection.send(cell, endpoint, self._due, now)
                return
        self._queue.append((cell, endpoint, self._due))
        self._open_for_waiting()

    def _open_for_waiting(self) -> None:
        engine = self._engine
        room = engine.job.connections - len(engine.connections) - engine.connecting
        if not self._stopped and room > 0 and engine.connecting < len(self._queue):
            engine.connect()

    def _fail_waiting(self, kind: str, now: int) -> None:
        cell, _, due = self._queue.popleft()
        cell.sent += 1
        cell.failed += 1
        cell.errors[kind] = cell.errors.get(kind, 0) + 1
        cell.response.append((now - due) // 1000)
        cell.service.append(0)

    def _advance(self) -> None:
        upcoming = next(self._schedule, None)
        if upcoming is None:
            self._due = _NEVER
        else:
            self._due, self._stage = self._zero + int(upcoming[0] * _NS), upcoming[1]
