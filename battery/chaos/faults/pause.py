"""The pause fault: SIGSTOP to a process and its descendants, SIGCONT afterwards."""

import signal
import threading
import time

from battery.chaos.faults.interface import Effect, FaultFailed
from battery.chaos.faults.limit import TimeLimit
from battery.chaos.process.continuing import continue_all
from battery.chaos.process.family import descendants
from battery.chaos.process.given import GivenProcess, obstacle
from battery.chaos.process.identity import ProcessIdentity, is_alive, is_stopped, name_of, send
from battery.chaos.undo.steps import ContinueProcess, UndoStep

_POLL_SECONDS = 0.02
_PROOF_SECONDS = 2.0


class Pause:
    """Stops a process as a frozen machine would: its connections stay open and nobody answers."""

    name = "pause"

    def __init__(self, process: GivenProcess, *, limit: float = 30.0) -> None:
        self.limit = limit
        self._process = process
        self._time_limit = TimeLimit(limit, self.remove)
        self._lock = threading.Lock()
        self._chosen: tuple[ProcessIdentity, ...] = ()
        self._stopped: tuple[ProcessIdentity, ...] = ()
        self._removed = False

    def describe(self) -> str:
        """What it does to whom."""
        children = len(descendants(self._process.identity)) if self._process.identity else 0
        whom = f"{self._process} and its {children} descendants" if children else str(self._process)
        return f"stops {whom} with SIGSTOP and continues them after {self.limit:g} s at the latest"

    def obstacle(self) -> str:
        """Why this process cannot be stopped."""
        return obstacle(self._process)

    def undo(self) -> tuple[UndoStep, ...]:
        """Continue each of the family, as it is at the moment."""
        leader = self._process.one
        self._chosen = (leader, *descendants(leader))
        return tuple(ContinueProcess(process=member) for member in self._chosen)

    def inject(self) -> None:
        """Stop those that the journal knows, the leader first: it starts no more of them then."""
        with self._lock:
            self._time_limit.begin()
            self._stopped = self._chosen
            try:
                sent = [send(member, signal.SIGSTOP) for member in self._chosen]
            except PermissionError as error:
                raise FaultFailed(f"pause: {self._process} cannot be stopped: {error}") from error
        if not any(sent):
            raise FaultFailed(f"pause: {self._process} ended before it could be stopped")

    def prove(self) -> Effect:
        """Whether all of them that live are stopped."""
        until = time.monotonic() + _PROOF_SECONDS
        waiting = bool(self._stopped)
        while (
            not (effect := self._look()).seen and waiting and time.monotonic() < until and not self._removed
        ):
            time.sleep(_POLL_SECONDS)
        return effect

    def remove(self) -> None:
        """Continue them.

        Raises: FaultFailed when one stays stopped.
        """
        self._time_limit.cancel()
        with self._lock:
            self._removed = True
            left = ", ".join(map(name_of, continue_all(self._stopped[::-1])))
        if left:
            raise FaultFailed(
                f"pause: {left} is still stopped after SIGCONT; continue it with kill -CONT PID"
            )

    def _look(self) -> Effect:
        living = [member for member in self._stopped if is_alive(member)]
        stopped = [member for member in living if is_stopped(member)]
        seen = bool(stopped) and len(stopped) == len(living)
        meter = f"{len(stopped)} of {len(living)} processes of {self._process} are stopped"
        return Effect(seen=seen, meter=meter + self._time_limit.words())
