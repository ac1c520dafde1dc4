"""The port through which what must be undone is promised before it is done."""

from collections.abc import Callable, Sequence
from typing import Protocol

from battery.chaos.undo.steps import UndoStep


class Promises(Protocol):
    """Written down and synced to disk when `promise` returns; `battery.chaos.undo.stack.UndoStack` is one."""

    def promise(self, name: str, steps: Sequence[UndoStep], undo: Callable[[], None] | None = None) -> int:
        """Promise to undo; `undo` is called, last promise first, when the stack closes."""
        ...

    def kept(self, number: int) -> None:
        """Say that it is undone."""
        ...
