"""Every process that a command left behind: its session, its descendants, and whoever carries its mark."""

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

import psutil

from battery.ancestry import own_line
from battery.model.frozen import Frozen

MARK = "BATTERY_SANDBOX_RUN"
_POLL = 0.02
_CLOCK_SLACK = 1.5  # births are told from the boot time, which moves when the clock is corrected


class TreeRoot(Frozen, frozen=True, kw_only=True):
    """The process that all others of a sandbox come from: its id, its birth, and the mark that they inherit."""

    pid: int
    mark: str
    born: float | None


class Ended(Frozen, frozen=True, kw_only=True):
    """Whom it took force to end, and who is there in spite of it, as "pid (name)"."""

    killed: int
    left: tuple[str, ...]


def root_of(pid: int, mark: str) -> TreeRoot:
    """The root that a process just started with this mark is; one that ended already was born now."""
    try:
        return TreeRoot(pid=pid, mark=mark, born=psutil.Process(pid).create_time())
    except psutil.Error:
        return TreeRoot(pid=pid, mark=mark, born=None)


def members(root: TreeRoot) -> list[Any]:
    """The living processes of a sandbox, as psutil knows them. One that left the session still carries the mark.

    Whoever is told here may be killed. So a session counts only while it is surely the root's own, and nobody is told
    who was born before the root, or whom this process itself descends from.
    """
    spared = own_line()
    session = _is_its_own_session(root)
    found = {
        process.pid: process
        for process in psutil.process_iter()
        if (session and _in_session(process.pid, root.pid)) or _is_marked(process, root.mark)
    }
    for process in tuple(found.values()):
        for child in _children(process) if process.pid not in spared else ():
            found.setdefault(child.pid, child)
    return [
        process
        for pid, process in found.items()
        if pid not in spared and _is_alive(process) and _is_younger(process, root)
    ]


def end_tree(root: TreeRoot, grace: float, reap: Callable[[], object]) -> Ended:
    """SIGTERM to all, SIGKILL to who outlives the grace; looked up again until nobody is left to be found."""
    everyone = members(root)
    _tell(everyone, "terminate")
    _wait(everyone, grace, reap)
    killed: set[int] = set()
    for _ in range(5):  # whoever forks while it is killed is found the next time round
        stubborn = members(root)
        if not stubborn:
            break
        killed |= {process.pid for process in stubborn}
        _tell(stubborn, "kill")
        _wait(stubborn, 2.0, reap)
    left = tuple(f"{process.pid} ({_name(process)})" for process in members(root))
    return Ended(killed=len(killed), left=left)


def _tell(processes: Iterable[Any], word: str) -> None:
    for process in processes:
        try:
            process.resume()  # a stopped process hears SIGTERM only when it goes on
            getattr(process, word)()
        except psutil.Error:
            continue  # it ended by itself, or is another user's and will be told as left


def _wait(processes: Iterable[Any], seconds: float, reap: Callable[[], object]) -> None:
    everyone = list(processes)
    until = time.monotonic() + seconds
    reap()
    while any(_is_alive(process) for process in everyone) and time.monotonic() < until:
        time.sleep(_POLL)
        reap()


def _in_session(pid: int, leader: int) -> bool:
    try:
        return os.getsid(pid) == leader
    except OSError:
        return False


def _is_its_own_session(root: TreeRoot) -> bool:
    """Whether the session of the root's number is the root's. Session 0 is everybody's whose session is unknown."""
    if root.born is None or root.pid <= 1 or not root.mark:
        return False
    try:
        born = psutil.Process(root.pid).create_time()
    except psutil.Error:
        return True  # while a member of its session lives, nobody else gets its number
    return bool(abs(born - root.born) <= _CLOCK_SLACK)


def _is_younger(process: Any, root: TreeRoot) -> bool:
    """Whether it can come from the root; nobody is older than who began it all."""
    try:
        return root.born is None or bool(process.create_time() >= root.born - _CLOCK_SLACK)
    except psutil.Error:
        return False


def _is_marked(process: Any, mark: str) -> bool:
    try:
        return bool(mark and process.environ().get(MARK) == mark)
    except (psutil.Error, OSError):
        return False


def _children(process: Any) -> list[Any]:
    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def _is_alive(process: Any) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _name(process: Any) -> str:
    try:
        return str(process.name())
    except psutil.Error:
        return "gone"
