"""The descriptor fault: the limit of open files of a running process is lowered to about what it has open."""

import socket
import sys
import threading

import psutil

from battery.chaos.faults.interface import Effect, FaultFailed
from battery.chaos.faults.limit import TimeLimit
from battery.chaos.process.family import descendants
from battery.chaos.process.given import GivenProcess, obstacle
from battery.chaos.process.identity import ProcessIdentity, find
from battery.chaos.undo.outcome import Outcome
from battery.chaos.undo.performing import perform
from battery.chaos.undo.steps import RestoreLimit, UndoStep

HEADROOM = 4
_SPARE = 8


class DescriptorExhaustion:
    """Leaves each process of the family `headroom` descriptors; the soft limit is restored afterwards.

    With an `address` where it listens, idle connections take what is left: only then is the limit really met.
    """

    name = "descriptors"

    def __init__(
        self,
        process: GivenProcess,
        *,
        headroom: int = HEADROOM,
        limit: float = 60.0,
        address: tuple[str, int] | None = None,
    ) -> None:
        self.limit, self._address = limit, address
        self._idle: list[socket.socket] = []
        self._process, self._headroom = process, headroom
        self._time_limit = TimeLimit(limit, self.remove)
        self._lock = threading.Lock()
        self._steps: tuple[RestoreLimit, ...] = ()
        self._injected = False

    def describe(self) -> str:
        """What it lowers of whom."""
        return (
            f"lowers the limit of open files of {self._process} and its descendants to what they have open plus "
            f"{self._headroom}, and restores it after {self.limit:g} s at the latest"
        )

    def obstacle(self) -> str:
        """Why the limit cannot be lowered."""
        if not sys.platform.startswith("linux"):
            return "only Linux can change the limits of another process: run the battery on Linux"
        found = obstacle(self._process)
        if found:
            return found
        try:
            self._planned()
        except psutil.AccessDenied as error:
            return (
                f"the limits of {self._process} and its descendants may not be changed by this user (process {error.pid}): "
                "run the battery as its user, or with CAP_SYS_RESOURCE"
            )
        return ""

    def undo(self) -> tuple[UndoStep, ...]:
        """Restore the limit of each that is lowered."""
        self._steps = self._planned()
        return self._steps

    def inject(self) -> None:
        """Lower the limits.

        Raises: FaultFailed when none is left to lower.
        """
        with self._lock:
            self._injected = True
            self._time_limit.begin()
            for step in self._steps:
                process = find(step.process)
                if process is None:
                    continue
                try:
                    process.rlimit(psutil.RLIMIT_NOFILE, (step.lowered, step.hard))
                except psutil.NoSuchProcess:
                    continue  # a child that ended meanwhile; whether any is left is checked below
                except psutil.Error as error:
                    raise FaultFailed(
                        f"descriptors: the limit of {self._process} cannot be lowered: {error}"
                    ) from error
        if not self._steps or find(self._steps[0].process) is None:
            raise FaultFailed(f"descriptors: {self._process} has ended")
        self._take_what_is_left()

    def prove(self) -> Effect:
        """Read the limits back, and how many are open."""
        words = [self._reading(step) for step in self._steps if find(step.process)] if self._injected else []
        seen = bool(words) and all(outcome.done for outcome in words) and self._is_met()
        meter = "; ".join(outcome.words for outcome in words) or f"no limit of {self._process} was lowered"
        return Effect(seen=seen, meter=meter + self._time_limit.words())

    def remove(self) -> None:
        """Restore the limits.

        Raises: FaultFailed when one cannot be.
        """
        self._time_limit.cancel()
        with self._lock:
            for idle in self._idle:
                idle.close()
            self._idle.clear()
            outcomes = [perform(step) for step in self._steps] if self._injected else []
        left = [outcome.words for outcome in outcomes if not outcome.done]
        if left:
            raise FaultFailed(f"descriptors: {'; '.join(left)}")

    def _take_what_is_left(self) -> None:
        """Connect and say nothing, until every process of the family must have met its limit."""
        if self._address is None:
            return
        for _ in range((self._headroom + _SPARE) * len(self._steps)):
            idle = socket.socket(socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET)
            idle.setblocking(False)
            self._idle.append(idle)
            idle.connect_ex(self._address)  # one that is refused or waits is the effect, not an error

    def _is_met(self) -> bool:
        """Whether a process of the family has no descriptor left."""
        if self._address is None:
            return True
        for step in self._steps:
            process = find(step.process)
            try:
                if process is not None and process.num_fds() >= step.lowered:
                    return True
            except psutil.Error:
                continue  # it ended meanwhile, and what it had open with it
        return False

    def _planned(self) -> tuple[RestoreLimit, ...]:
        leader = self._process.one
        planned = (self._plan(member) for member in (leader, *descendants(leader)))
        return tuple(step for step in planned if step)

    def _plan(self, member: ProcessIdentity) -> RestoreLimit | None:
        process = find(member)
        if process is None:
            return None
        try:
            soft, hard = process.rlimit(psutil.RLIMIT_NOFILE)
            lowered = process.num_fds() + self._headroom
        except psutil.NoSuchProcess:
            return None  # a child that has just ended
        # A limit that is lower already stays; it is written down all the same, and read back.
        lowered = lowered if soft == psutil.RLIM_INFINITY else min(lowered, soft)
        return RestoreLimit(process=member, soft=soft, hard=hard, lowered=lowered)

    def _reading(self, step: RestoreLimit) -> Outcome:
        try:
            process = psutil.Process(step.process.pid)
            soft, _ = process.rlimit(psutil.RLIMIT_NOFILE)
            words = (
                f"process {step.process.pid}: limit {soft} instead of {step.soft}, {process.num_fds()} open"
            )
        except psutil.Error as error:
            return Outcome(done=False, words=f"process {step.process.pid}: its limit cannot be read: {error}")
        return Outcome(done=soft == step.lowered < step.soft, words=words)
