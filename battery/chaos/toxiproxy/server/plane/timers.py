"""Timers to the microsecond: the event loop's own end at milliseconds, too coarse for a slicer's delay.

All deadlines stand in one heap behind one timerfd. Where there is none, the loop's timers are asked again until it is time.
"""

import asyncio
import ctypes
import functools
import heapq
import itertools
import os
import time
from collections.abc import Callable

_MONOTONIC, _ABSOLUTE, _FLAGS = 1, 1, os.O_NONBLOCK | os.O_CLOEXEC
_NEVER = float("inf")


class Timer:
    """One deadline; `cancel` makes it nothing."""

    __slots__ = ("callback",)

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        """Do not call back."""
        self.callback = None


class Timers:
    """Calls back at monotonic times."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, precise: bool = True) -> None:
        self._loop = loop
        self._heap: list[tuple[float, int, Timer]] = []
        self._turn = itertools.count()
        self._armed = _NEVER
        self._fd = _timerfd() if precise else -1
        self._fallback: asyncio.TimerHandle | None = None
        if self._fd >= 0:
            loop.add_reader(self._fd, self._ring)

    def at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Call back at a time of `time.monotonic`, never before it and never within this call."""
        timer = Timer(callback)
        heapq.heappush(self._heap, (when, next(self._turn), timer))
        if when < self._armed:
            self._arm(when)
        return timer

    def close(self) -> None:
        """Call nothing back any more."""
        self._heap.clear()
        if self._fallback is not None:
            self._fallback.cancel()
        if self._fd >= 0:
            self._loop.remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1

    def _ring(self) -> None:
        if self._fd >= 0:
            try:
                os.read(self._fd, 8)
            except BlockingIOError:
                return  # armed anew since the loop saw it ring
        self._armed = _NEVER
        now = time.monotonic()
        due: list[Timer] = []
        while self._heap and self._heap[0][0] <= now:
            due.append(heapq.heappop(self._heap)[2])
        for timer in due:
            if timer.callback is not None:
                timer.callback()
        while self._heap and self._heap[0][2].callback is None:
            heapq.heappop(self._heap)
        if self._heap and self._heap[0][0] < self._armed:
            self._arm(self._heap[0][0])

    def _arm(self, when: float) -> None:
        self._armed = when
        if self._fd < 0:
            if self._fallback is not None:
                self._fallback.cancel()
            self._fallback = self._loop.call_later(max(0.0, when - time.monotonic()), self._ring)
            return
        # A time that is past still has to ring: zero would disarm.
        nanoseconds = max(1, int(when * 1e9) + 1)
        setting = (ctypes.c_long * 4)(0, 0, *divmod(nanoseconds, 1_000_000_000))
        _libc().timerfd_settime(self._fd, _ABSOLUTE, ctypes.byref(setting), None)


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def _timerfd() -> int:
    """A descriptor, or -1 where the system knows none. Python has the call since 3.13 only."""
    create = getattr(_libc(), "timerfd_create", None)
    return -1 if create is None else int(create(_MONOTONIC, _FLAGS))
