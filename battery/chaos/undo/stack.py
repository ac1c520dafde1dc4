"""The undo stack: promise, inject, remove; whatever is left is undone last first when the block ends."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from battery.chaos.faults.interface import Fault, FaultRefused
from battery.chaos.undo.journal import Journal
from battery.chaos.undo.leash import Leash
from battery.chaos.undo.outcome import Outcome, UndoFailed
from battery.chaos.undo.performing import perform_all
from battery.chaos.undo.steps import UndoStep

# So long after a fault's own limit, which the battery keeps itself while it runs, its watchdog keeps it.
_LATE_SECONDS = 2.0


class _Open(NamedTuple):
    number: int
    name: str
    steps: tuple[UndoStep, ...]
    undo: Callable[[], None] | None
    is_fault: bool


class UndoStack:
    """Holds the journal and the watchdog while the block runs. Signals are the caller's: they end the block."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: list[_Open] = []
        self._journal: Journal | None = None
        self._leash: Leash | None = None

    def __enter__(self) -> Self:
        """Open the journal and start the watchdog.

        Raises: StoreError, WatchdogFailed.
        """
        self._journal = Journal(self._folder)
        self._leash = Leash(self._journal.path)
        try:
            self._leash.ensure()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Undo what is left.

        Raises: UndoFailed when something stays.
        """
        failed = self.unwind()
        self._end()
        if failed:
            raise UndoFailed(f"not put back: {'; '.join(failed)}; the next start tries again")

    @property
    def watchdog(self) -> int:
        """The watchdog's process id."""
        return self._leash.pid if self._leash else 0

    def promise(
        self,
        name: str,
        steps: Sequence[UndoStep],
        undo: Callable[[], None] | None = None,
        *,
        within: float | None = None,
    ) -> int:
        """Write down and sync what undoes something, before it is done.

        `within` so many seconds it must be undone: else the watchdog does it, also where the battery is stopped.

        Raises: StoreError, WatchdogFailed: then it must not be done.
        """
        if self._journal is None or self._leash is None:
            raise UndoFailed(f'"{name}" is not injected: the undo stack is not open')
        self._leash.ensure()
        deadline = None if within is None else time.monotonic() + within
        number = self._journal.promise(name, steps, deadline)
        if deadline is not None:
            self._leash.nudge()
        self._open.append(_Open(number, name, tuple(steps), undo, is_fault=within is not None))
        return number

    def kept(self, number: int) -> None:
        """Note that a promise is kept."""
        self._open = [entry for entry in self._open if entry.number != number]
        if self._journal is not None:
            self._journal.kept(number)

    def inject(self, fault: Fault) -> int:
        """Promise, then inject; a fault that fails half-way is removed at once. The number is for `remove`.

        Raises: FaultRefused with the obstacle, and whatever the injection raises.
        """
        obstacle = fault.obstacle()
        if obstacle:
            raise FaultRefused(f"{fault.name}: {obstacle}")
        number = self.promise(fault.name, fault.undo(), fault.remove, within=fault.limit + _LATE_SECONDS)
        try:
            fault.inject()
        except BaseException:
            self.remove(number)
            raise
        return number

    def remove(self, number: int) -> None:
        """Undo one promise; where its own way fails, by the steps of the journal.

        Raises: UndoFailed when something stays; it remains promised.
        """
        for entry in [entry for entry in self._open if entry.number == number]:
            left = _undo(entry)
            if left:
                raise UndoFailed(f"{entry.name} is not put back: {left}; the next start tries again")
            self.kept(number)

    def standing(self) -> tuple[str, ...]:
        """Try once more to undo what faults have left; what still stands, in words. What runs for the run stays."""
        return self._undo_all([entry for entry in self._open if entry.is_fault])

    def unwind(self) -> tuple[str, ...]:
        """Undo everything, last first; what could not be, in words."""
        failed = self._undo_all(self._open)
        self._open = []
        return failed

    def _undo_all(self, entries: list[_Open]) -> tuple[str, ...]:
        failed = []
        for entry in entries[::-1]:
            left = _undo(entry)
            if left:
                failed.append(f"{entry.name}: {left}")
            else:
                self.kept(entry.number)
        return tuple(failed)

    def _end(self) -> None:
        # The journal first: a watchdog that is let go finds nothing to do, or what could not be done here.
        if self._journal is not None:
            self._journal.close()
        if self._leash is not None:
            self._leash.close()
        self._journal = self._leash = None


def _undo(entry: _Open) -> str:
    """What is left of it, in words; empty when nothing is."""
    if entry.undo is None:
        return _failures(perform_all(entry.steps))
    try:
        entry.undo()
    except Exception as error:  # noqa: BLE001 -- one that fails must not keep the others from being undone
        if not entry.steps:
            return str(error) or type(error).__name__
        return _failures(perform_all(entry.steps))
    return ""


def _failures(outcomes: tuple[Outcome, ...]) -> str:
    return "; ".join(outcome.words for outcome in outcomes if not outcome.done)
