"""Which process is meant: its id and its birth, so that a recycled id is never touched."""

import os
import signal
from typing import Any

import psutil

from battery.model.frozen import Frozen

# The birth is told from the boot time, which moves by up to a second when the clock is corrected;
# the kernel does not come round to the same id within that.
_CLOCK_SLACK = 1.5


class ProcessIdentity(Frozen, frozen=True, kw_only=True):
    """One process for its whole life, and never the next one with the same id."""

    pid: int
    create_time: float


def identify(pid: int) -> ProcessIdentity | None:
    """The process that has this id at the moment; none when there is none, or only its exit status is left."""
    process = _living(pid)
    if process is None:
        return None
    try:
        return ProcessIdentity(pid=pid, create_time=process.create_time())
    except psutil.Error:
        return None


def find(identity: ProcessIdentity) -> Any:
    """The psutil process of an identity; none when it ended, whoever has its id since."""
    process = _living(identity.pid)
    try:
        if process is None or abs(process.create_time() - identity.create_time) > _CLOCK_SLACK:
            return None
    except psutil.Error:
        return None
    return process


def is_alive(identity: ProcessIdentity) -> bool:
    """Whether this very process runs or is stopped; one that ended and waits for its parent does not."""
    return find(identity) is not None


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
