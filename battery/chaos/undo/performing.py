"""Performs undo steps. Each may be done twice, and none touches what is not ours."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

from battery.chaos.process.continuing import continue_all
from battery.chaos.process.ending import kill_all
from battery.chaos.process.family import descendants, in_session, marked, session
from battery.chaos.process.identity import ProcessIdentity, find, identify, is_alive, is_stopped, name_of
from battery.chaos.undo.outcome import Outcome
from battery.chaos.undo.proxy_api import delete_proxy, enable_proxy, remove_toxic
from battery.chaos.undo.steps import (
    OWN_FILE,
    ContinueProcess,
    DeleteFile,
    DeleteProxy,
    EnableProxy,
    EndMarked,
    EndSession,
    Remote,
    RemoveToxic,
    RestoreLimit,
    UndoStep,
)


def perform(step: UndoStep) -> Outcome:
    """Perform one step; a failure is told, never raised."""
    try:
        return _perform(step)
    except (OSError, psutil.Error) as error:
        return Outcome(done=False, words=f"could not be undone: {type(step).__name__}: {error}")


def perform_all(steps: Sequence[UndoStep]) -> tuple[Outcome, ...]:
    """Perform the steps, last first, and tell the outcomes in the order of the steps.

    What is on this machine comes before servers, and servers are asked side by side: one that hangs delays nothing.
    """
    outcomes: dict[int, Outcome] = {}
    backwards = list(enumerate(steps))[::-1]
    for index, step in backwards:
        if not isinstance(step, Remote):
            outcomes[index] = perform(step)
    remote = [(index, step) for index, step in backwards if isinstance(step, Remote)]
    if remote:
        with ThreadPoolExecutor(max_workers=8) as pool:
            done = pool.map(perform, [step for _, step in remote])
            outcomes.update(zip([index for index, _ in remote], done, strict=True))
    return tuple(outcomes[index] for index in range(len(steps)))


def _perform(step: UndoStep) -> Outcome:
    match step:
        case ContinueProcess():
            return _continue(step)
        case RestoreLimit():
            return _restore(step)
        case EndMarked():
            return _end_marked(step)
        case EndSession():
            return _end_session(step)
        case DeleteFile():
            return _delete(Path(step.path))
        case RemoveToxic():
            return remove_toxic(step.url, step.proxy, step.toxic)
        case EnableProxy():
            return enable_proxy(step.url, step.proxy)
        case DeleteProxy():
            return delete_proxy(step.url, step.proxy)


def _continue(step: ContinueProcess) -> Outcome:
    who = name_of(step.process)
    if not is_alive(step.process):
        return _continue_nobody(step.process)
    if continue_all((step.process,)):
        return Outcome(
            done=False,
            words=f"{who} is still stopped after SIGCONT: continue it with kill -CONT {step.process.pid}",
        )
    return Outcome(done=True, words=f"{who} was continued")


def _continue_nobody(process: ProcessIdentity) -> Outcome:
    holder = identify(process.pid)
    ended = f"process {process.pid} has ended"
    if holder is None:
        return Outcome(done=True, words=f"{ended}: nothing to continue")
    if process.is_exact and holder.is_exact:
        return Outcome(done=True, words=f"{ended}, and {name_of(holder)} has its id by now: left alone")
    # By a clock that may have been set since, nobody can tell the two apart.
    words = f"{name_of(holder)} was born {holder.create_time - process.create_time:+.1f} s from what was written down"
    if is_stopped(holder):
        return Outcome(
            done=False,
            words=f"{words} and is stopped: left alone; if it is the target, continue it with kill -CONT {holder.pid}",
        )
    return Outcome(done=True, words=f"{words} and is not stopped: left alone")


def _end_marked(step: EndMarked) -> Outcome:
    found = marked(step.mark)
    nobody = "no process was left"
    if found.unread:
        nobody = f"no process with its mark is seen ({found.unread} may not be looked into)"
    return _end(found.members, step.what, nobody)


def _end_session(step: EndSession) -> Outcome:
    members = session(step.leader, step.mark)
    strangers = [member for member in in_session(step.leader) if member not in members]
    nobody = "no process was left"
    if strangers:
        names = ", ".join(map(name_of, strangers))
        nobody = f"its first process has ended, and {names} in a session of that number may be a stranger: left alone"
    return _end(members, step.what, nobody)


def _end(members: tuple[ProcessIdentity, ...], what: str, nobody: str) -> Outcome:
    if not members:
        return Outcome(done=True, words=f"{what}: {nobody}")
    names = {member.pid: name_of(member) for member in members}
    left = kill_all(members)
    if left:
        staying = ", ".join(names[member.pid] for member in left)
        return Outcome(
            done=False,
            words=f"{what}: {staying} did not end on SIGKILL, or may not be ended by this user: end it by hand",
        )
    return Outcome(done=True, words=f"{what}: {', '.join(names.values())} was ended")


def _delete(path: Path) -> Outcome:
    if not path.name.startswith(OWN_FILE):
        return Outcome(done=False, words=f"{path} is not a file of the battery: left alone")
    try:
        path.unlink()
    except FileNotFoundError:
        return Outcome(done=True, words=f"{path} was gone already")
    return Outcome(done=True, words=f"{path} was deleted")


def _restore(step: RestoreLimit) -> Outcome:
    who = name_of(step.process)
    lowered, raised = (step.lowered, step.hard), (step.soft, step.hard)
    restored = 0
    for member in (step.process, *descendants(step.process)):
        try:
            process = find(member)
            # Only our own value is taken back: a process that set another one since meant it.
            if process is not None and process.rlimit(psutil.RLIMIT_NOFILE) == lowered:
                process.rlimit(psutil.RLIMIT_NOFILE, raised)
                restored += 1
        except psutil.NoSuchProcess:
            continue  # it ended meanwhile, and its limit with it
    if restored == 0:
        return Outcome(done=True, words=f"{who}: no descriptor limit of {step.lowered} was left")
    return Outcome(done=True, words=f"{who}: the descriptor limit is {step.soft} again")
