"""Which process is meant: its id and its birth, so that a recycled id is never touched."""

import os
import signal
from pathlib import Path
from typing import Any

import psutil

from battery.chaos.process.machine import this_machine
from battery.model.frozen import Frozen

# Where the kernel does not number the births, they are told from the boot time, which moves when the clock is
# corrected; the kernel does not come round to the same id within that.
_CLOCK_SLACK = 1.5
_TICKS = 22 - 3  # field 22 of /proc/PID/stat; the fields behind the name begin with the third


class ProcessIdentity(Frozen, frozen=True, kw_only=True, eq=False):
    """One process for its whole life, and never the next one with the same id.

    `ticks` and `boot` are when the kernel gave the id, and on which boot: no clock moves them. Where they are not known,
    0 and "", the birth in seconds tells.
    """

    pid: int
    create_time: float
    ticks: int = 0
    boot: str = ""

    @property
    def is_exact(self) -> bool:
        """Whether the birth is known as the kernel knows it."""
        return self.ticks > 0 and bool(self.boot)

    def __eq__(self, other: object) -> bool:
        """Whether both are the same process."""
        if not isinstance(other, ProcessIdentity):
            return NotImplemented
        if self.pid != other.pid:
            return False
        if self.is_exact and other.is_exact:
            return (self.ticks, self.boot) == (other.ticks, other.boot)
        return abs(self.create_time - other.create_time) <= _CLOCK_SLACK

    def __ne__(self, other: object) -> bool:
        """The structs' own would compare the fields."""
        return not self == other

    def __hash__(self) -> int:
        """By the id alone: what is equal has the same."""
        return hash(self.pid)


def identify(pid: int) -> ProcessIdentity | None:
    """The process that has this id at the moment; none when there is none, or only its exit status is left."""
    return None if _living(pid) is None else _holder(pid)


def find(identity: ProcessIdentity) -> Any:
    """The psutil process of an identity; none when it ended, whoever has its id since."""
    process = _living(identity.pid)
    return process if process is not None and _holder(identity.pid) == identity else None


def is_alive(identity: ProcessIdentity) -> bool:
    """Whether this very process runs or is stopped; one that ended and waits for its parent does not."""
    return find(identity) is not None


def keeps_its_id(identity: ProcessIdentity) -> bool:
    """Whether nobody else can have the id: the process lives, or nobody has collected its exit status yet."""
    return _holder(identity.pid) == identity


def is_recycled(identity: ProcessIdentity) -> bool:
    """Whether another process has the id by now."""
    return not is_alive(identity) and identify(identity.pid) is not None


def is_stopped(identity: ProcessIdentity) -> bool:
    """Whether this very process is stopped, as SIGSTOP does."""
    process = find(identity)
    try:
        return process is not None and bool(process.status() == psutil.STATUS_STOPPED)
    except psutil.NoSuchProcess:
        return False


def name_of(identity: ProcessIdentity) -> str:
    """How people call the process: "process 123 (nginx)"."""
    process = find(identity)
    try:
        return f"process {identity.pid} ({process.name()})" if process else f"process {identity.pid}"
    except psutil.Error:
        return f"process {identity.pid}"


def send(identity: ProcessIdentity, number: signal.Signals) -> bool:
    """Send a signal to this very process; False when it is gone.

    Raises: PermissionError when it is another user's.
    """
    try:
        handle = _handle(identity.pid)
        try:
            if not is_alive(identity):
                return False
            if handle is None:
                os.kill(identity.pid, number)
            else:
                signal.pidfd_send_signal(handle, number)
        finally:
            if handle is not None:
                os.close(handle)
    except ProcessLookupError:
        return False
    return True


def _handle(pid: int) -> int | None:
    """A handle that stays with the process while its identity is checked; none where the system has no such thing."""
    opened = getattr(os, "pidfd_open", None)
    if opened is None:
        return None
    try:
        return int(opened(pid))
    except ProcessLookupError:
        raise
    except OSError:
        return None  # an old kernel, or no descriptor left: the check stands right before the signal then


def _living(pid: int) -> Any:
    if pid <= 0:
        return None
    try:
        process = psutil.Process(pid)
        return None if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD) else process
    except psutil.Error:
        return None


def _holder(pid: int) -> ProcessIdentity | None:
    """Who has the id, also one that has ended and waits for its parent."""
    try:
        born = psutil.Process(pid).create_time() if pid > 0 else None
    except psutil.Error:
        return None
    if born is None:
        return None
    return ProcessIdentity(pid=pid, create_time=born, ticks=_ticks(pid), boot=this_machine().boot)


def _ticks(pid: int) -> int:
    try:
        # The name in the second field may hold anything, also spaces and brackets: what counts stands behind its end.
        return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[_TICKS])
    except (OSError, ValueError, IndexError):
        return 0  # only Linux tells
