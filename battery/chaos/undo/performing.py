"""Performs undo steps. Each may be done twice, and none touches what is not ours."""

import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

from battery.chaos.process.ending import kill_all
from battery.chaos.process.family import descendants, marked, session
from battery.chaos.process.identity import ProcessIdentity, find, name_of, send
from battery.chaos.process.mark import VARIABLE
from battery.chaos.undo.outcome import Outcome
from battery.chaos.undo.proxy_api import enable_proxy, remove_toxic
from battery.chaos.undo.steps import (
    OWN_FILE,
    ContinueProcess,
    DeleteFile,
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
            return _end(marked(VARIABLE, step.mark), step.what)
        case EndSession():
            return _end(session(step.leader), step.what)
        case DeleteFile():
            return _delete(Path(step.path))
        case RemoveToxic():
            return remove_toxic(step.url, step.proxy, step.toxic)
        case EnableProxy():
            return enable_proxy(step.url, step.proxy)


def _continue(step: ContinueProcess) -> Outcome:
    who = name_of(step.process)
    if not send(step.process, signal.SIGCONT):
        return Outcome(done=True, words=f"{who} has ended: nothing to continue")
    return Outcome(done=True, words=f"{who} was continued")


def _end(members: tuple[ProcessIdentity, ...], what: str) -> Outcome:
    if not members:
        return Outcome(done=True, words=f"{what}: no process was left")
    names = ", ".join(name_of(member) for member in members)
    left = kill_all(members)
    if left:
        names = ", ".join(name_of(member) for member in left)
        return Outcome(done=False, words=f"{what}: {names} did not end on SIGKILL")
    return Outcome(done=True, words=f"{what}: {names} was ended")


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
