"""The wake-up: calls back at an absolute time of the monotonic clock, as exactly as the platform can."""

import asyncio
import ctypes
import os
import sys
from collections.abc import Callable
from typing import Protocol

_CLOCK_MONOTONIC, _NONBLOCK, _ABSOLUTE = 1, os.O_NONBLOCK, 1
_NS = 1_000_000_000


class Wakeup(Protocol):
    """Arms one call at a time; arming again replaces the time before."""

    source: str

    def at(self, due_ns: int) -> None:
        """Call back at this time, at once when it has passed."""
        ...

    def close(self) -> None:
        """Never call back again."""
        ...


class _TimeSpec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _TimerSpec(ctypes.Structure):
    _fields_ = (("interval", _TimeSpec), ("value", _TimeSpec))


class TimerFd:
    """A kernel timer with an absolute deadline, watched by the event loop; Linux only."""

    source = "timerfd"

    def __init__(self, loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
        self._library = ctypes.CDLL(None, use_errno=True)
        self._fd = self._library.timerfd_create(_CLOCK_MONOTONIC, _NONBLOCK)
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "timerfd_create")
        self._loop = loop
        self._spec = _TimerSpec()
        self._reference = ctypes.byref(self._spec)
        loop.add_reader(self._fd, call)

    def at(self, due_ns: int) -> None:
        """Arm for this time. Arming clears an expiry that nobody read, so the loop is not woken twice."""
        value = self._spec.value
        value.seconds, value.nanoseconds = divmod(max(due_ns, 1), _NS)
        self._library.timerfd_settime(self._fd, _ABSOLUTE, self._reference, None)

    def close(self) -> None:
        """Give the timer back."""
        self._loop.remove_reader(self._fd)
        os.close(self._fd)


class LoopTimer:
    """The event loop's own timer, where there is no timerfd: coarser, and the recorded lag says by how much."""

    source = "event loop"

    def __init__(self, loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
        self._loop, self._call = loop, call
        self._handle: asyncio.TimerHandle | None = None

    def at(self, due_ns: int) -> None:
        """Arm for this time."""
        if self._handle is not None:
            self._handle.cancel()
        import time

        delay = max(due_ns - time.perf_counter_ns(), 0) / _NS
        self._handle = self._loop.call_later(delay, self._call)

    def close(self) -> None:
        """Cancel."""
        if self._handle is not None:
            self._handle.cancel()


def make_wakeup(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> Wakeup:
    """The most exact wake-up of this platform."""
    return TimerFd(loop, call) if sys.platform == "linux" else LoopTimer(loop, call)
