"""The undo journal of one battery: each promise is on disk before its fault begins."""

import os
import secrets
import threading
from collections.abc import Sequence
from pathlib import Path

from battery.chaos.process.identity import ProcessIdentity, identify
from battery.chaos.process.machine import this_machine
from battery.chaos.undo.journal_file import JournalFile
from battery.chaos.undo.records import Kept, Opened, Promised
from battery.chaos.undo.steps import UndoStep
from battery.errors import StoreError


class Journal:
    """A file under the state folder, held while the battery lives; empty journals leave no file behind."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()
        self._number = 0
        self._outstanding: set[int] = set()
        path = folder / f"undo-{os.getpid()}-{secrets.token_hex(4)}.jsonl"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = JournalFile(path, create=True)
            if not self._file.lock(0):
                raise StoreError(f"the undo journal {path} is locked by another process")
            self._file.append(Opened(owner=_ourselves(), machine=this_machine()))
            self._file.sync_folder()
        except OSError as error:
            raise StoreError(
                f"the undo journal {path} cannot be written: {error.strerror or error}; nothing is injected without it"
            ) from error

    @property
    def path(self) -> Path:
        """The file."""
        return self._file.path

    def promise(self, name: str, steps: Sequence[UndoStep], deadline: float | None = None) -> int:
        """Write down what undoes a fault, and until when it must be undone; it is on disk when this returns.

        Raises: StoreError when it cannot be written: the fault must not begin then.
        """
        with self._lock:
            number = self._number + 1
            try:
                self._file.append(Promised(number=number, name=name, steps=tuple(steps), deadline=deadline))
            except OSError as error:
                raise StoreError(
                    f'the undo journal {self.path} cannot be written: {error.strerror or error}; "{name}" is not injected'
                ) from error
            self._number = number
            self._outstanding.add(number)
            return number

    def kept(self, number: int, words: Sequence[str] = ()) -> None:
        """Note that a promise is kept; where the disk takes no more, the next start keeps it once again."""
        with self._lock:
            if number not in self._outstanding:
                return
            self._outstanding.discard(number)
            try:
                self._file.append(Kept(number=number, words=tuple(words)))
            except OSError:
                return  # every step may be done twice

    def close(self) -> None:
        """Let go of the file; it stays when a promise is outstanding, for the next start."""
        with self._lock:
            if not self._outstanding:
                self._file.remove()
            self._file.close()


def _ourselves() -> ProcessIdentity:
    here = identify(os.getpid())
    if here is None:
        raise StoreError("the battery does not find itself in the process table: is /proc mounted?")
    return here
