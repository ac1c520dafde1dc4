"""Promises that are overdue while their battery lives: one that is stopped keeps no time limit of its faults."""

import time
from pathlib import Path

from battery.chaos.undo.performing import perform_all
from battery.chaos.undo.records import Promised, read

_AGAIN_SECONDS = 5.0


class Overdue:
    """Keeps the promises of a journal whose time is up; its lines stay the battery's, which may keep them once more."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._done: set[int] = set()
        self._again: dict[int, float] = {}

    def keep(self) -> float | None:
        """Undo what is overdue; in how many seconds the next one will be, none when none has a time."""
        now = time.monotonic()
        for promised in self._open():
            if self._due(promised) <= now:
                self._undo(promised)
        dues = [self._due(promised) for promised in self._open()]
        return max(min(dues) - time.monotonic(), 0.0) if dues else None

    def _undo(self, promised: Promised) -> None:
        outcomes = perform_all(promised.steps)
        if all(outcome.done for outcome in outcomes):
            self._done.add(promised.number)
        else:
            self._again[promised.number] = time.monotonic() + _AGAIN_SECONDS

    def _due(self, promised: Promised) -> float:
        return max(promised.deadline or 0.0, self._again.get(promised.number, 0.0))

    def _open(self) -> list[Promised]:
        try:
            reading = read(self._journal.read_bytes())
        except OSError:
            return []  # it is gone with its last promise, or cannot be read: the end of the battery is waited for
        return [
            promised
            for promised in reading.outstanding
            if promised.deadline is not None and promised.number not in self._done
        ]
