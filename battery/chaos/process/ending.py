"""Ending a process with its whole family: gently first, then by force."""

import signal
import time
from collections.abc import Callable, Iterable

from battery.chaos.process.family import family
from battery.chaos.process.identity import ProcessIdentity, is_alive, send
from battery.model.frozen import Frozen

_POLL_SECONDS = 0.02
_KILL_SECONDS = 5.0


class Ending(Frozen, frozen=True, kw_only=True):
    """How a family ended: how long it took, who had to be killed, and who is there still."""

    seconds: float
    killed: tuple[int, ...] = ()
    left: tuple[ProcessIdentity, ...] = ()

    @property
    def graceful(self) -> bool:
        """Whether all of them ended on being asked."""
        return not self.killed and not self.left


def end_family(
    leader: ProcessIdentity,
    grace: float,
    *,
    mark: str = "",
    known: Iterable[ProcessIdentity] = (),
    reap: Callable[[], object] = lambda: None,
) -> Ending:
    """SIGTERM to the leader, who tells its own, then to whoever outlives it; SIGKILL to who is left after the grace.

    `mark` is what the family carries and `known` who of it is known by name: where the leader is gone already, nobody
    else is ended. `reap` is called while waiting, for a caller that is the parent and has to collect the exit status.
    """
    began = time.monotonic()
    members = (*known, *family(leader, mark))
    _send_all((leader,), signal.SIGTERM)
    # What is stopped hears SIGTERM only when it continues.
    _send_all(members, signal.SIGCONT)
    until = began + grace
    _wait((leader,), grace, reap)
    if not is_alive(leader):
        _send_all(_alive((*members, *family(leader, mark))), signal.SIGTERM)
    _wait(members, until - time.monotonic(), reap)
    # Looked up again: the family may have grown while it ended.
    left = _alive((*members, *family(leader, mark)))
    refused = _send_all(left, signal.SIGKILL)
    _wait([member for member in left if member not in refused], _KILL_SECONDS, reap)
    return Ending(
        seconds=time.monotonic() - began,
        killed=tuple(member.pid for member in left),
        left=_alive(left),
    )


def kill_all(members: Iterable[ProcessIdentity]) -> tuple[ProcessIdentity, ...]:
    """SIGKILL to all at once; who is still there after a while, also who may not be signalled by this user."""
    everyone = tuple(members)
    refused = _send_all(everyone, signal.SIGKILL)
    _wait([member for member in everyone if member not in refused], _KILL_SECONDS, lambda: None)
    return _alive(everyone)


def _send_all(members: Iterable[ProcessIdentity], number: signal.Signals) -> tuple[ProcessIdentity, ...]:
    """Who of them may not be signalled by this user: one such keeps nobody else from hearing it."""
    refused = []
    for member in members:
        try:
            send(member, number)
        except PermissionError:
            refused.append(member)
    return tuple(refused)


def _wait(members: Iterable[ProcessIdentity], seconds: float, reap: Callable[[], object]) -> None:
    everyone = tuple(members)
    until = time.monotonic() + seconds
    reap()
    while _alive(everyone) and time.monotonic() < until:
        time.sleep(_POLL_SECONDS)
        reap()


def _alive(members: Iterable[ProcessIdentity]) -> tuple[ProcessIdentity, ...]:
    return tuple({member.pid: member for member in members if is_alive(member)}.values())
