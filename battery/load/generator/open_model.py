"""The open model: arrivals follow their schedule whatever the answers do; nothing is forgiven."""

from collections import deque
from random import Random
from time import perf_counter_ns

from battery.load.generator.connection import Connection, Request
from battery.load.generator.dialer import Refusal
from battery.load.generator.engine import Attempt, Engine
from battery.load.generator.wakeup import make_wakeup
from battery.load.schedule import arrivals, arrivals_between

_NS = 1_000_000_000
_NEVER = 1 << 62
_BATCH = 256  # answers are read between batches, however late the schedule is
_MOST_WAITING = 250_000  # 40 MB; at 50,000/s a target that hangs reaches its deadline first
_AHEAD = 16  # connections that are open before the first arrival


class OpenModel:
    """Sends each arrival when it is due; one without a free connection opens one, past the limit it waits.

    The connection that was used last is used next, as Go's and the browsers' pools do: few stay warm, the surplus
    of a spike goes idle and is closed by the server.
    """

    def __init__(self, engine: Engine) -> None:
        job = engine.job
        self.dropped = 0
        self._engine = engine
        self._schedule = arrivals(
            job.stages, job.arrivals, Random(f"{job.seed}:{job.worker}:arrivals"), job.phase
        )
        self._wakeup = make_wakeup(engine.loop, self._wake)
        loop = type(engine.loop).__module__.partition(".")[0]
        loop = type(engine.loop).__module__.partition(".")[0]
        self.lag_source = f"{self._wakeup.source} on {loop}"
        self._free: dict[Connection, None] = {}  # ordered, and any one can be taken out at once
        self._queue: deque[Request] = deque()
        self._deadline = int(job.deadline * _NS)
        self._zero = 0
        self._at, self._due, self._stage = 0.0, _NEVER, 0

    def start(self, zero_ns: int) -> None:
        """Open a few connections ahead of time, then wait for the first arrival."""
        self._zero = zero_ns
        for _ in range(min(_AHEAD, self._engine.job.connections)):
            self._engine.connect()
        self._advance()
        self._wakeup.at(self._due)

    def idle(self, connection: Connection) -> None:
        """Serve the arrival that waits longest, or keep the connection ready."""
        if self._queue:
            connection.send(*self._queue.popleft(), perf_counter_ns())
        else:
            self._free[connection] = None

    def lost(self, connection: Connection, kind: str) -> None:  # noqa: ARG002 -- the shape of a model
        """Open another one where arrivals wait."""
        self._free.pop(connection, None)
        self._open_for_waiting()

    def refused(self, attempt: Attempt, refusal: Refusal) -> None:
        """Fail the arrival for which this connection was opened; one that came later gets an attempt of its own."""
        if self._queue and self._queue[0].intended <= attempt.begun and attempt.again is None:
            if refusal.shortage:
                self._queue.popleft()
                self.dropped += 1
            else:
                self._fail_waiting(refusal.kind, perf_counter_ns())
        self._open_for_waiting()

    def waiting(self) -> int:
        """Arrivals without a connection."""
        return len(self._queue)

    def tick(self, now: int) -> None:
        """An arrival that has waited a whole deadline has timed out, as a user would say."""
        while self._queue and now - self._queue[0].intended > self._deadline:
            self._fail_waiting("timeout", now)

    def behind(self, until: int) -> bool:
        """Whether the next arrival was due by then."""
        return self._due <= until

    def finish(self, until: int) -> None:
        """Plan nothing more. What is behind is counted, not drawn: a schedule may be behind by millions."""
        self._wakeup.close()
        if self._due <= until:
            stages = self._engine.job.stages
            counts = arrivals_between(stages, self._at, (until - self._zero) / _NS)
            self.dropped += self._engine.plan_unsent(counts)
        self._due = _NEVER

    def unsettled(self) -> bool:
        """Whether arrivals wait for a connection."""
        return bool(self._queue)

    def abandon(self, now: int) -> int:
        """Fail the arrivals that still wait."""
        count = len(self._queue)
        while self._queue:
            self._fail_waiting("timeout", now)
        return count

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
            connection, _ = self._free.popitem()
            if connection.transport is not None and not connection.transport.is_closing():
                connection.send(cell, endpoint, self._due, now)
                return
        if len(self._queue) < _MOST_WAITING:
            self._queue.append(Request(cell, endpoint, self._due))
            self._open_for_waiting()
        else:
            self.dropped += 1
            self._engine.shortages["no room for more waiting arrivals"] += 1

    def _open_for_waiting(self) -> None:
        engine = self._engine
        opening = len(engine.attempts)
        if opening < len(self._queue) and len(engine.connections) + opening < engine.job.connections:
            engine.connect()

    def _fail_waiting(self, kind: str, now: int) -> None:
        cell, _, due = self._queue.popleft()
        cell.sent += 1
        cell.fail(kind, now - due, 0)

    def _advance(self) -> None:
        upcoming = next(self._schedule, None)
        if upcoming is None:
            self._due = _NEVER
        else:
            self._at, self._stage = upcoming
            self._due = self._zero + int(self._at * _NS)
