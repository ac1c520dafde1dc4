"""A stage that holds chunks in their order and lets each go, whole or in pieces, at its time."""

import time
from abc import abstractmethod
from collections import deque
from typing import TYPE_CHECKING

from battery.chaos.toxiproxy.server.plane.timers import Timer
from battery.chaos.toxiproxy.server.plane.toxic import Toxic
from battery.chaos.toxiproxy.server.stages.stage import Receiver, Stage

if TYPE_CHECKING:
    from battery.chaos.toxiproxy.server.plane.link import Link

NEVER = float("inf")


class Holding(Stage):
    """Subclasses say how much of the first held chunk goes next, and when."""

    room = 128 * 1024  # the source is read no further while more than this is held
    one_by_one = False  # each in a write of its own, though several may be due

    def __init__(self, link: "Link", toxic: Toxic, following: Receiver) -> None:
        super().__init__(link, toxic, following)
        self._queue: deque[tuple[bytes | None, float]] = deque()
        self._held = 0
        self._next: tuple[int, float] | None = None
        self._timer: Timer | None = None
        self.went = 0.0  # when the last one really went

    @abstractmethod
    def schedule(self, size: int, at: float) -> tuple[int, float]:
        """How many bytes of a chunk that came then go next, and at what time."""

    def take(self, data: bytes, at: float) -> None:
        """Hold a chunk until its time."""
        self._queue.append((data, at))
        self._held += len(data)
        if len(self._queue) == 1:
            self._let_go()
        self._weigh()

    def end(self, at: float) -> None:
        """The end waits for all that came before it, and no longer."""
        self._queue.append((None, at))
        if len(self._queue) == 1:
            self._let_go()

    def changed(self) -> None:
        """Whatever is held gets its time anew."""
        self._unset()
        self._let_go()

    def removed(self) -> None:
        """All that is held goes at once."""
        self._unset()
        while self._queue:
            data, came = self._queue.popleft()
            self._pass(data, came)
        self._held = 0

    def dropped(self) -> None:
        """Nothing goes any more."""
        self._unset()
        self._queue.clear()

    def _let_go(self) -> None:
        self._timer = None
        alone = False
        while self._queue:
            data, came = self._queue[0]
            if self._next is None:
                self._next = self.schedule(len(data), came) if data is not None else (0, came)
            size, due = self._next
            self.went, before = time.monotonic(), self.went
            if alone or due > self.went:
                self.went = before
                if due != NEVER:
                    self._timer = self.link.timers.at(due, self._ripe)
                break
            self._next, alone = None, self.one_by_one
            self._send(data, size, came, due)

    def _ripe(self) -> None:
        self._let_go()
        self._weigh()

    def _send(self, data: bytes | None, size: int, came: float, due: float) -> None:
        self._held -= size
        if data is None or size == len(data):
            self._queue.popleft()
            self._pass(data, due)
        else:
            self._queue[0] = data[size:], came
            self._pass(data[:size], due)

    def _pass(self, data: bytes | None, at: float) -> None:
        # The time that was meant travels with the chunk: what timers are late by does not add up along the pipeline.
        if data is None:
            self.following.end(at)
        else:
            self.following.feed(data, at)

    def _weigh(self) -> None:
        full = self._held > (self.room // 2 if self.full else self.room)
        if full != self.full:
            self.full = full
            self.link.regulate()

    def _unset(self) -> None:
        self._next = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
