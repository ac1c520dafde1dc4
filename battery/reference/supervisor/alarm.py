"""Waiting for signals, for the death of a child, and for a line from it, all at once."""

import os
import select
import signal
from types import FrameType, TracebackType
from typing import Self

_NUMBERS = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)


class Alarm:
    """While the block runs, SIGTERM, SIGINT and SIGCHLD wake `wait` instead of ending the process."""

    def __init__(self) -> None:
        self._told_to_stop = False
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)

    def __enter__(self) -> Self:
        """Take over the signals."""
        # Through a pipe, because a signal between a look and a wait would otherwise be slept over.
        self._wakeup = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, self._note) for number in _NUMBERS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give them back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        os.close(self._read)
        os.close(self._write)

    def told_to_stop(self) -> bool:
        """Whether SIGTERM or SIGINT has come."""
        return self._told_to_stop

    def wait(self, seconds: float | None, *others: int) -> list[int]:
        """Sleep until a signal comes, one of `others` can be read, or time is up; which of them can be read."""
        ready, _, _ = select.select([self._read, *others], [], [], seconds)
        if self._read in ready:
            os.read(self._read, 1024)
        return [other for other in others if other in ready]

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._told_to_stop |= number != signal.SIGCHLD
