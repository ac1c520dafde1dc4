"""The closed model: N users, each sends, waits for the answer, thinks, and sends again."""

from time import perf_counter_ns

from battery.load.generator.connection import Connection
from battery.load.generator.engine import Engine

_NS = 1_000_000_000
_RETRY_SECONDS = 0.1


class ClosedModel:
    """One connection a user; stages add users at once, and let surplus ones end with their answer."""

    lag_source = "none: closed"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._users: set[Connection] = set()
        self._wanted = 0
        self._stage = 0
        self._stopped = False

    def start(self, zero_ns: int) -> None:
        """Plan the stage changes."""
        at = (zero_ns - perf_counter_ns()) / _NS
        for index, stage in enumerate(self._engine.job.stages):
            self._engine.loop.call_later(max(at, 0.0), self._enter, index)
            at += stage.seconds

    def idle(self, connection: Connection) -> None:
        """The user sends the next request, or leaves."""
        self._users.add(connection)
        if self._stopped or len(self._users) > self._wanted:
            self._users.discard(connection)
            connection.close()
        elif self._engine.job.think > 0:
            self._engine.loop.call_later(self._engine.job.think, self._send, connection)
        else:
            self._send(connection)

    def lost(self, connection: Connection | None, kind: str) -> None:
        """A user whose connection failed tries again; a connection that could not be made is a failed request."""
        if connection is not None:
            self._users.discard(connection)
        elif not self._stopped:
            self._count_failed_connect(kind)
        if not self._stopped:
            delay = _RETRY_SECONDS if kind else 0.0
            self._engine.loop.call_later(delay, self._fill)

    def waiting(self) -> int:
        """Nobody waits in a closed model."""
        return 0

    def tick(self, now: int) -> None:
        """Nothing expires but requests in flight."""

    def finish(self) -> int:
        """Users end with their answer; nothing was planned ahead, so nothing is dropped."""
        self._stopped = True
        return 0

    def _enter(self, stage: int) -> None:
        self._stage = stage
        self._wanted = self._engine.job.stages[stage].users
        self._fill()

    def _fill(self) -> None:
        if not self._stopped:
            for _ in range(self._wanted - len(self._users) - self._engine.connecting):
                self._engine.connect()

    def _send(self, connection: Connection) -> None:
        if self._stopped or connection.transport is None or connection.transport.is_closing():
            return
        cell, endpoint = self._engine.choose(self._stage)
        cell.planned += 1
        now = perf_counter_ns()
        connection.send(cell, endpoint, now, now)

    def _count_failed_connect(self, kind: str) -> None:
        cell, _ = self._engine.choose(self._stage)
        cell.planned += 1
        cell.sent += 1
        cell.failed += 1
        cell.errors[kind] = cell.errors.get(kind, 0) + 1
        waited = int((self._engine.job.deadline if kind == "timeout" else 0.0) * 1_000_000)
        cell.response.append(waited)
        cell.service.append(waited)
