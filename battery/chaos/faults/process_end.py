"""Ending a process by a signal: what SIGKILL and SIGTERM have in common."""

import signal
import threading
import time
from collections.abc import Callable

from battery.chaos.faults.interface import Effect, FaultFailed
from battery.chaos.faults.limit import TimeLimit
from battery.chaos.process.given import GivenProcess, obstacle
from battery.chaos.process.identity import is_alive, is_recycled, send
from battery.chaos.undo.steps import UndoStep

_POLL_SECONDS = 0.02


class ProcessEnd:
    """Sends one signal to one process and sees it gone. `revive` brings the target back when the fault is removed."""

    name = "end"
    number = signal.SIGKILL
    patience = 5.0

    def __init__(
        self,
        process: GivenProcess,
        *,
        limit: float = 60.0,
        revive: Callable[[], object] | None = None,
    ) -> None:
        self.limit = limit
        self._process, self._revive = process, revive
        self._time_limit = TimeLimit(limit, self.remove)
        self._removing = threading.Lock()
        self._sent = False
        self._was_there = False
        self.at_send: Callable[[], None] = lambda: None
        self._revived = False
        self._injected_at = 0.0
        self._gone_after: float | None = None

    def describe(self) -> str:
        """What it does to whom."""
        after = f" and starts it again, after {self.limit:g} s at the latest" if self._revive else ""
        return f"sends {self.number.name} to {self._process}{after}"

    def obstacle(self) -> str:
        """Why this process cannot be signalled."""
        return obstacle(self._process)

    def undo(self) -> tuple[UndoStep, ...]:
        """Nothing undoes it: its starter or its supervisor brings a process back."""
        return ()

    def inject(self) -> None:
        """Send the signal, unless the process has ended and another has its id."""
        self._injected_at = time.monotonic()
        self._sent = True
        self.at_send()
        try:
            self._was_there = send(self._process.one, self.number)
        except (PermissionError, ProcessLookupError) as error:
            raise FaultFailed(
                f"{self.name}: {self._process} cannot be sent {self.number.name}: {error}"
            ) from error
        self._time_limit.begin()

    def prove(self) -> Effect:
        """Whether the process is gone; waits for it for a while."""
        identity = self._process.identity
        if identity is None or not self._sent:
            return Effect(seen=False, meter=f"no {self.number.name} was sent to {self._process}")
        if not self._was_there:
            why = "another process has its id by now" if is_recycled(identity) else "it had ended before"
            return Effect(
                seen=False, meter=f"no {self.number.name} was sent: {why} (process {identity.pid} as given)"
            )
        if self._gone_after is None:
            self._wait()
        if self._gone_after is None:
            waited = time.monotonic() - self._injected_at
            return Effect(
                seen=False, meter=f"{self._process} still runs {waited:.1f} s after {self.number.name}"
            )
        return Effect(
            seen=True,
            meter=f"process {identity.pid} was seen gone {self._gone_after:.2f} s after {self.number.name}",
        )

    def remove(self) -> None:
        """Bring the target back, once, where that is ours to do."""
        self._time_limit.cancel()
        with self._removing:
            if self._revive is None or self._revived or not self._was_there:
                return
            self._revived = True
            self._revive()

    def _wait(self) -> None:
        identity = self._process.one
        until = self._injected_at + self.patience
        while is_alive(identity):
            if time.monotonic() >= until:
                return
            time.sleep(_POLL_SECONDS)
        self._gone_after = time.monotonic() - self._injected_at
