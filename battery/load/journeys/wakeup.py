"""The wake-up under gevent: the generator's timers, watched by gevent's event loop."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import gevent

from battery.load.generator.wakeup import Wakeup, make_wakeup


class _Timer:
    """A call that can be taken back."""

    def __init__(self, delay: float, call: Callable[[], None]) -> None:
        self._timer = gevent.get_hub().loop.timer(delay)
        self._timer.start(call)

    def cancel(self) -> None:
        """Do not call."""
        self._timer.stop()
        self._timer.close()


class _HubLoop:
    """As much of an asyncio loop as the timers use. What it calls runs in the hub and must not block."""

    def __init__(self) -> None:
        self._watchers: dict[int, Any] = {}

    def add_reader(self, fd: int, call: Callable[[], None]) -> None:
        """Call whenever there is something to read."""
        watcher = self._watchers[fd] = gevent.get_hub().loop.io(fd, 1)
        watcher.start(call)

    def remove_reader(self, fd: int) -> None:
        """Do not call any more."""
        watcher = self._watchers.pop(fd)
        watcher.stop()
        watcher.close()

    def call_later(self, delay: float, call: Callable[[], None]) -> _Timer:
        """Call once, after a delay."""
        return _Timer(delay, call)


def hub_wakeup(call: Callable[[], None]) -> Wakeup:
    """The most exact wake-up of this platform, in gevent's event loop."""
    return make_wakeup(cast("asyncio.AbstractEventLoop", _HubLoop()), call)
