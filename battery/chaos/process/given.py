"""A process that the battery was given: its own child, or one that battery.toml names. No other is ever touched."""

import os

import psutil

from battery.ancestry import own_line
from battery.chaos.process.identity import ProcessIdentity, find, is_recycled, name_of
from battery.model.frozen import Frozen

_HOW_TO_NAME = "let the battery start it ([process] command) or name it ([process] pid_file) in battery.toml"


class GivenProcess(Frozen, frozen=True, kw_only=True):
    """A process and why the battery may touch it; `given` is empty for one that it may not.

    `doubt` says why it is not known to be the one that serves: harm to another would prove nothing. `vouched` says that
    only battery.toml says so.
    """

    identity: ProcessIdentity | None
    given: str
    what: str = "the target"
    doubt: str = ""
    vouched: bool = False

    def __str__(self) -> str:
        """How people call it."""
        if self.identity is None:
            return f"{self.what}'s process (not started yet)"
        return name_of(self.identity) + (", taken at your word," if self.vouched else "")

    @property
    def one(self) -> ProcessIdentity:
        """The identity, of a process that is known to have started.

        Raises: ProcessLookupError when it has not.
        """
        if self.identity is None:
            raise ProcessLookupError(f"{self.what}'s process has not been started")
        return self.identity


def obstacle(process: GivenProcess) -> str:
    """Why the battery may not or cannot signal a process, and how to allow it; empty when it can."""
    identity = process.identity
    if identity is None:
        return f"{process.what} has no process yet: {_HOW_TO_NAME}"
    if not process.given:
        return f"process {identity.pid} is neither the battery's child nor named: {_HOW_TO_NAME}"
    if is_recycled(identity):
        return f"process {identity.pid} has ended and another process has its id by now: it is left alone"
    if find(identity) is None:
        return f"process {identity.pid} ({process.given}) does not run"
    if identity.pid in own_line():
        return (
            f"process {identity.pid} ({process.given}) is the battery itself or started it: name the target's"
        )
    return _permission(process, identity) or process.doubt


def _permission(process: GivenProcess, identity: ProcessIdentity) -> str:
    try:
        os.kill(identity.pid, 0)
    except PermissionError:
        owner, ours = _user_of(identity.pid), _user_of(os.getpid())
        return f"{process} belongs to {owner} and the battery runs as {ours}: run the battery as {owner} or as root"
    except ProcessLookupError:
        return f"process {identity.pid} ({process.given}) has just ended"
    return ""


def _user_of(pid: int) -> str:
    try:
        return f"user {psutil.Process(pid).username()}"
    except (psutil.Error, KeyError):
        return "another user"
