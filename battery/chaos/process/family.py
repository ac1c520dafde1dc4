"""The family of a process: its descendants, and whoever lives in the session that it leads."""

import os

import psutil

from battery.chaos.process.identity import ProcessIdentity, find, identify

_CLOCK_SLACK = 1.5  # births are told from the boot time, which moves when the clock is corrected


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


def session(leader: ProcessIdentity) -> tuple[ProcessIdentity, ...]:
    """Whoever lives in the session of a leader, which may have ended itself.

    The kernel gives a session's number to no new process while a member lives. So members are strangers only when
    the whole session ended and another process took the number: that one is seen by its birth, and so is whoever is
    older than the leader. In a container, session 0 is everybody's that came from outside. This process and those
    that it descends from are nobody's family: whoever is told here may be ended.
    """
    holder = identify(leader.pid)
    if leader.pid <= 1 or (holder is not None and find(leader) is None):
        return ()
    spared = own_line()
    members = (identify(pid) for pid in psutil.pids() if pid not in spared and _session_of(pid) == leader.pid)
    oldest = leader.create_time - _CLOCK_SLACK
    return tuple(member for member in members if member and member.create_time >= oldest)


def family(leader: ProcessIdentity) -> tuple[ProcessIdentity, ...]:
    """The process, its descendants and its session, each once."""
    everyone = [*session(leader), *descendants(leader)]
    own = identify(leader.pid)
    if own is not None and find(leader) is not None:
        everyone.insert(0, own)
    return tuple({member.pid: member for member in everyone}.values())


def own_line() -> set[int]:
    """The ids of this process, those that it descends from, and the first of all."""
    try:
        return {1, os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    except psutil.Error:
        return {1, os.getpid(), os.getppid()}


def marked(name: str, mark: str) -> tuple[ProcessIdentity, ...]:
    """Whoever carries a mark in its environment, as far as this user may read it."""
    found = []
    for process in psutil.process_iter():
        try:
            carries = process.environ().get(name) == mark
        except (psutil.Error, OSError):
            continue  # another user's, or gone: not one that this battery marked
        member = identify(process.pid) if carries else None
        if member is not None:
            found.append(member)
    return tuple(found)


def _session_of(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return 0
