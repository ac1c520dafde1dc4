"""Replays what a dead battery promised: the watchdog does at once, the next start for what is left."""

import time
from pathlib import Path

from battery.chaos.process.identity import is_alive
from battery.chaos.process.machine import this_machine
from battery.chaos.undo.journal_file import PATTERN, JournalFile
from battery.chaos.undo.outcome import Outcome
from battery.chaos.undo.performing import perform_all
from battery.chaos.undo.records import Kept, Promised, Reading
from battery.chaos.undo.steps import EndMarked, OnProcess, UndoStep
from battery.model.frozen import Frozen

LOCK_SECONDS = 5.0
_MOMENT_SECONDS = 0.2
THE_WATCHDOG = "the watchdog"
THIS_START = "this start"


class Undone(Frozen, frozen=True, kw_only=True):
    """What was put back of one fault after a battery died, by whom, in words."""

    name: str
    by: str
    words: str
    done: bool = True

    def __str__(self) -> str:
        """One line for a person."""
        how = (
            f"undone by {self.by}"
            if self.done
            else f"NOT undone by {self.by}; it is tried again at the next start"
        )
        return f"{self.name}: {self.words} ({how})"


def replay(path: Path, by: str, *, lock_seconds: float = LOCK_SECONDS) -> tuple[Undone, ...]:
    """Perform what a journal still promises, last promise first, and note it there.

    Nothing when the journal is gone, or held by another for so long: that one sees to it.
    """
    try:
        file = JournalFile(path)
    except FileNotFoundError:
        return ()
    try:
        if not file.lock(lock_seconds) or not path.exists():
            return ()
        file.drop_torn_end()
        return _perform(file, file.read(), by)
    finally:
        file.close()


def replay_left(folder: Path) -> tuple[Undone, ...]:
    """Put back what batteries before this one left under a state folder, and tell also what their watchdogs did.

    A journal whose battery lives is left alone; one whose promises are all kept is deleted.
    """
    found: list[Undone] = []
    for path in sorted(folder.glob(PATTERN)):
        try:
            found += _finish(path)
        except FileNotFoundError:
            continue  # somebody else saw to it between two looks
        except OSError as error:
            words = f"{path} cannot be used: {error.strerror or error}"
            found.append(Undone(name="undo journal", by=THIS_START, words=words, done=False))
    return tuple(found)


def _finish(path: Path) -> list[Undone]:
    before = JournalFile(path)
    try:
        owner = before.read().owner
        if owner is not None and is_alive(owner):
            return []
        if not before.lock(LOCK_SECONDS):
            words = f"{path} is held by another process"
            return [Undone(name="undo journal", by=THIS_START, words=words, done=False)]
        if not path.exists():
            return []
        before.drop_torn_end()
        reading = before.read()
        told = [
            *_told(reading),
            *_perform(before, reading, THIS_START),
            *_unreadable(path, reading),
        ]
        if all(one.done for one in told):
            before.remove()
        return told
    finally:
        before.close()


def _perform(file: JournalFile, reading: Reading, by: str) -> tuple[Undone, ...]:
    steps = [step for promised in reading.outstanding for step in promised.steps]
    elsewhere = this_machine().why_not(reading.machine)
    outcomes = iter(_outcomes(steps, elsewhere))
    found: list[Undone] = []
    for promised in reading.outstanding:
        mine = [next(outcomes) for _ in promised.steps]
        undone = _undone(promised, mine, by)
        found.append(undone)
        if undone.done:
            _note(file, Kept(number=promised.number, by=by, words=tuple(one.words for one in mine)))
    return tuple(found[::-1])


def _outcomes(steps: list[UndoStep], elsewhere: str) -> tuple[Outcome, ...]:
    """What became of the steps; those on processes of another machine, or of another start of this one, are dropped."""
    here = [step for step in steps if not (elsewhere and isinstance(step, OnProcess))]
    performed = iter(perform_all(here))
    _look_again(here)
    dropped = Outcome(done=True, words=elsewhere)
    return tuple(dropped if elsewhere and isinstance(step, OnProcess) else next(performed) for step in steps)


def _look_again(steps: list[UndoStep]) -> None:
    """A child that the battery was just starting when it died carries its mark only a moment later."""
    ending = [step for step in steps if isinstance(step, EndMarked)]
    if ending:
        time.sleep(_MOMENT_SECONDS)
        perform_all(ending)


def _note(file: JournalFile, kept: Kept) -> None:
    try:
        file.append(kept)
    except OSError:
        return  # a full disk: it is done all the same, and the next start does it once again


def _undone(promised: Promised, outcomes: list[Outcome], by: str) -> Undone:
    words = "; ".join(outcome.words for outcome in outcomes) or "nothing of it can be left"
    return Undone(name=promised.name, by=by, words=words, done=all(outcome.done for outcome in outcomes))


def _told(reading: Reading) -> list[Undone]:
    """What was undone after the battery's death and before this start."""
    names = {promised.number: promised.name for promised in reading.promised}
    return [
        Undone(
            name=names.get(kept.number, "a fault"),
            by=kept.by,
            words="; ".join(kept.words) or "nothing was left",
        )
        for kept in reading.kept
        if kept.by == THE_WATCHDOG
    ]


def _unreadable(path: Path, reading: Reading) -> list[Undone]:
    if not reading.unreadable:
        return []
    lines = ", ".join(map(str, reading.unreadable))
    words = f"line {lines} of {path} makes no sense: look for what it was by hand, then delete the file"
    return [Undone(name="undo journal", by=THIS_START, words=words, done=False)]
