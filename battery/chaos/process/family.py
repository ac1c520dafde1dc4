"""The family of a process: its descendants, and whoever lives in the session that it leads."""

import os
from typing import NamedTuple

import psutil

from battery.ancestry import own_line
from battery.chaos.process.identity import ProcessIdentity, find, identify, keeps_its_id
from battery.chaos.process.mark import VARIABLE

_CLOCK_SLACK = 1.5  # births are told from the boot time, which moves when the clock is corrected


class Marked(NamedTuple):
    """Who carries a mark, and how many processes could not be asked."""

    members: tuple[ProcessIdentity, ...]
    unread: int


def descendants(process: ProcessIdentity) -> tuple[ProcessIdentity, ...]:
    """The children of a process and theirs; none when it is gone."""
    found = find(process)
    if found is None:
        return ()
    try:
        children = found.children(recursive=True)
    except psutil.Error:
        return ()
    return tuple(child for child in (identify(one.pid) for one in children) if child)


def session(leader: ProcessIdentity, mark: str = "") -> tuple[ProcessIdentity, ...]:
    """Whoever lives in the session of a leader and is known to be its family.

    While the leader has its id, also as one that ended and waits for its parent, all of them are. Afterwards the number
    may be a stranger's, that of another process or of one that ended and left a daemon: then only who carries the mark.
    In a container, session 0 is everybody's that came from outside. This process and those that it descends from are
    nobody's family: whoever is told here may be ended.
    """
    members = in_session(leader)
    if keeps_its_id(leader):
        return tuple(member for member in members if not _is_older(member, leader))
    return tuple(member for member in members if mark and _mark_of(member.pid) == mark)


def in_session(leader: ProcessIdentity) -> tuple[ProcessIdentity, ...]:
    """Whoever lives in a session of this number, of this leader or of another; nobody when another leads it."""
    holder = identify(leader.pid)
    if leader.pid <= 1 or (holder is not None and holder != leader):
        return ()
    spared = own_line()
    members = (identify(pid) for pid in psutil.pids() if pid not in spared and _session_of(pid) == leader.pid)
    return tuple(member for member in members if member)


def family(leader: ProcessIdentity, mark: str = "") -> tuple[ProcessIdentity, ...]:
    """The process, its descendants and its session, each once."""
    everyone = [*session(leader, mark), *descendants(leader)]
    own = identify(leader.pid)
    if own is not None and find(leader) is not None:
        everyone.insert(0, own)
    return tuple({member.pid: member for member in everyone}.values())


def marked(mark: str) -> Marked:
    """Whoever carries a mark of ours in its environment, as far as this user may read it."""
    found, unread = [], 0
    for pid in psutil.pids():
        carries = _mark_of(pid)
        unread += carries is None
        member = identify(pid) if carries == mark else None
        if member is not None:
            found.append(member)
    return Marked(tuple(found), unread)


def _mark_of(pid: int) -> str | None:
    """The mark that a process carries, empty for none; none when this user may not look."""
    try:
        return str(psutil.Process(pid).environ().get(VARIABLE, ""))
    except psutil.AccessDenied:
        return None
    except (psutil.Error, OSError):
        return ""  # it has ended


def _is_older(member: ProcessIdentity, leader: ProcessIdentity) -> bool:
    if member.is_exact and leader.is_exact:
        return member.ticks < leader.ticks
    return member.create_time < leader.create_time - _CLOCK_SLACK


def _session_of(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return 0
