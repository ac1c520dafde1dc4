"""The SQLite fault: its exclusive lock is held by somebody else, as by a backup that hangs."""

from pathlib import Path

from battery.chaos.faults.agents.agent import Agent
from battery.chaos.faults.agents.order import Order
from battery.chaos.faults.interface import Effect, FaultFailed
from battery.chaos.faults.limit import TimeLimit
from battery.chaos.undo.steps import UndoStep

_START_SECONDS = 15.0
_HEADER = b"SQLite format 3\0"


class SqliteLock:
    """Holds the lock of one database file from a child process."""

    name = "sqlite lock"

    def __init__(self, file: Path, *, limit: float = 60.0) -> None:
        self.limit = limit
        self._file = file
        self._agent = Agent("sqlite_lock", "the SQLite agent")
        self._time_limit = TimeLimit(limit, self.remove)

    def describe(self) -> str:
        """What it holds."""
        return f"holds the exclusive lock of {self._file}, so that nobody else writes, for at most {self.limit:g} s"

    def obstacle(self) -> str:
        """Why it cannot be locked."""
        try:
            with self._file.open("rb") as file:
                begin = file.read(len(_HEADER))
        except OSError as error:
            return f"{self._file} cannot be read: {error.strerror}"
        return "" if begin == _HEADER else f"{self._file} is no SQLite database"

    def undo(self) -> tuple[UndoStep, ...]:
        """End the child, and its lock with it."""
        return (self._agent.undo,)

    def inject(self) -> None:
        """Start the child and wait until it has the lock.

        Raises: FaultFailed when it does not get it.
        """
        self._time_limit.begin()
        self._agent.start(Order(seconds=self.limit, texts={"file": str(self._file.resolve())}))
        if self._agent.hear("holding", _START_SECONDS) is None:
            raise FaultFailed(f"sqlite lock: its child said nothing within {_START_SECONDS:g} s")

    def prove(self) -> Effect:
        """Whether another connection is refused."""
        if not self._agent.alive:
            return Effect(seen=False, meter="the lock is not held" + self._time_limit.words())
        said = self._agent.hear("holding", 0)
        if said is None:
            return Effect(seen=False, meter="the SQLite agent has not said whether it holds the lock")
        seen = bool(said.numbers["refused"])
        others = "another connection is refused" if seen else "another connection may write all the same"
        return Effect(seen=seen, meter=f"the lock is held for {said.numbers['seconds']:.1f} s, {others}")

    def remove(self) -> None:
        """End the child."""
        self._time_limit.cancel()
        self._agent.end()
