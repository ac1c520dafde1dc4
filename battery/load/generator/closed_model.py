"""The closed model: N users, each sends, waits for the answer, thinks, and sends again."""

from time import perf_counter_ns

from battery.load.generator.connection import Connection
from battery.load.generator.dialer import Refusal
from battery.load.generator.engine import Attempt, Engine

_NS = 1_000_000_000
# A user whose connection failed pauses: without it, a target that refuses would be hit as fast as this machine can.
_PAUSE = 0.1


class ClosedModel:
    """One connection a user; stages add users at once, and let surplus ones end with their answer.

    A new user's first request counts from when its connection stands; a user who has to connect again waits for
    that, and the wait is in the response time.
    """

    lag_source = "none: closed"

    def __init__(self, engine: Engine) -> None:
        self.dropped = 0
        self._engine = engine
        self._users = 0
        self._wanted = 0
        self._stage = 0
        self._stopped = False
        self._leaving: set[Connection] = set()

    def start(self, zero_ns: int) -> None:
        """Plan the stage changes."""
        at = (zero_ns - perf_counter_ns()) / _NS
        for index, stage in enumerate(self._engine.job.stages):
            self._engine.loop.call_later(max(at, 0.0), self._enter, index)
            at += stage.seconds

    def idle(self, connection: Connection) -> None:
        """The user sends the next request, or leaves."""
        if self._stopped or self._users > self._wanted:
            self._users -= 1
            self._leaving.add(connection)
            connection.close()
        elif self._engine.job.think > 0 and not connection.since:
            self._engine.loop.call_later(self._engine.job.think, self._send, connection)
        else:
            self._send(connection)

    def lost(self, connection: Connection, kind: str) -> None:
        """The user connects again, at once or after a failure's pause, unless it left."""
        if connection in self._leaving:
            self._leaving.discard(connection)
        else:
            self._come_back(_PAUSE if kind else 0.0)

    def refused(self, attempt: Attempt, refusal: Refusal) -> None:
        """A connection that could not be opened is a failed request, or a dropped one when this machine lacked something."""
        if attempt.again is None:
            self._count_refused(attempt, refusal, perf_counter_ns())
        self._come_back(_PAUSE)

    def waiting(self) -> int:
        """Nobody waits in a closed model."""
        return 0

    def tick(self, now: int) -> None:
        """Nothing expires but requests in flight."""

    def behind(self, until: int) -> bool:  # noqa: ARG002 -- the shape of a model
        """Nothing is planned ahead."""
        return False

    def finish(self, until: int) -> None:  # noqa: ARG002 -- the shape of a model
        """Users end with their answer."""
        self._stopped = True

    def unsettled(self) -> bool:
        """Whether users still wait for their connection."""
        return bool(self._engine.attempts)

    def abandon(self, now: int) -> int:
        """Users who have waited for their connection to the very end have failed requests."""
        waiting = [attempt for attempt in self._engine.attempts if attempt.again is None]
        for attempt in waiting:
            self._count_refused(attempt, Refusal("timeout"), now)
        return len(waiting)

    def _enter(self, stage: int) -> None:
        if self._stopped:
            return
        self._stage = stage
        self._wanted = self._engine.job.stages[stage].users
        while self._users < self._wanted:
            self._users += 1
            self._engine.connect()

    def _come_back(self, pause: float) -> None:
        if self._stopped or self._users > self._wanted:
            self._users -= 1
        elif pause:
            self._engine.loop.call_later(pause, self._come_back, 0.0)
        else:
            self._engine.connect(since=perf_counter_ns())

    def _send(self, connection: Connection) -> None:
        if self._stopped or connection.transport is None or connection.transport.is_closing():
            return
        cell, endpoint = self._engine.choose(self._stage)
        cell.planned += 1
        now = perf_counter_ns()
        connection.send(cell, endpoint, connection.since or now, now)
        connection.since = 0

    def _count_refused(self, attempt: Attempt, refusal: Refusal, now: int) -> None:
        cell, _ = self._engine.choose(self._stage)
        cell.planned += 1
        if refusal.shortage:
            self.dropped += 1
        else:
            cell.sent += 1
            waited = now - attempt.begun
            cell.fail(refusal.kind, waited, waited)
