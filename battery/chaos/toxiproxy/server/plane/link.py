"""One direction of one connection: from a side, through the toxics that it met, to the other side."""

import random
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from battery.chaos.toxiproxy.server.plane.outlet import Outlet
from battery.chaos.toxiproxy.server.plane.side import Side
from battery.chaos.toxiproxy.server.plane.timers import Timers
from battery.chaos.toxiproxy.server.plane.toxic import Toxic
from battery.chaos.toxiproxy.server.stages.stage import Receiver, Stage

if TYPE_CHECKING:
    from battery.chaos.toxiproxy.server.plane.connection import Connection


class Link:
    """Without a toxic a chunk goes from socket to socket in one call; with some, through their stages."""

    def __init__(self, connection: "Connection", source: Side, sink: Side) -> None:
        self.connection, self._source, self._sink = connection, source, sink
        self.timers: Timers = connection.proxy.timers
        self.random: random.Random = connection.proxy.random
        self.received = self._detoured = 0
        self.met: list[Stage] = []  # every stage that ever was, for the journal
        self.cut: tuple[str, str] | None = None  # who closes the connection behind the last byte, and why
        self._stages: dict[Toxic, Stage] = {}
        self._outlet = Outlet(self, sink)
        self._early: list[bytes] = []
        self._ended = self._opened = self._over = self._paused = False
        self.head: Callable[[bytes], object] = self._keep

    @property
    def sent(self) -> int:
        """Bytes handed to the other side: all that came, but for those that took the detour and are not out again."""
        return self.received - self._detoured + self._outlet.passed

    @property
    def delivered_end(self) -> bool:
        """The other side knows that no more will come."""
        return self._outlet.ended

    def open(self, toxics: Sequence[Toxic]) -> None:
        """The other side is there: let what came early go its way."""
        self._opened = True
        for toxic in toxics:
            self.meet(toxic, toxics)
        self._lay()
        early, self._early = self._early, []
        for data in early:
            self._first().feed(data, time.monotonic())
        if self._ended and not self._over:
            self._first().end(time.monotonic())
        self.regulate()

    def meet(self, toxic: Toxic, order: Sequence[Toxic]) -> None:
        """Roll the dice for a toxic that is new to this connection, or changed."""
        if self._over or not self._opened or toxic.kind.stage is None:
            return
        taken, stage = toxic.takes(self.random.random()), self._stages.get(toxic)
        if stage is not None and taken:
            stage.changed()
        elif stage is not None:
            self.leave(toxic)
        elif taken:
            stage = toxic.kind.stage(self, toxic, self._outlet)
            self.met.append(stage)
            known = self._stages | {toxic: stage}
            self._stages = {each: known[each] for each in order if each in known}
            self._lay()
            stage.met()

    def leave(self, toxic: Toxic) -> None:
        """A toxic is gone: what it held goes on, in order."""
        stage = self._stages.get(toxic)
        if stage is None or self._over:
            return
        stage.removed()
        del self._stages[toxic]
        self._lay()
        self.regulate()

    def end(self) -> None:
        """The source has ended."""
        self._ended = True
        if self._opened and not self._over:
            self._first().end(time.monotonic())

    def emerge(self) -> None:
        """The end has passed all stages."""
        if self.cut is not None:
            self.connection.close(*self.cut)
        else:
            self.connection.deliver_end(self._sink)

    def drop(self) -> None:
        """The connection is gone."""
        self._over = True
        self.head = self._discard
        for stage in self._stages.values():
            stage.dropped()

    def regulate(self) -> None:
        """Read the source on only while what comes of it has a place to go."""
        if self._over or self._source.transport is None:
            return
        full = bool(self._early) or any(stage.full for stage in self._stages.values())
        paused = full or self._sink.choked
        if paused == self._paused:
            return
        self._paused = paused
        if paused:
            self._source.transport.pause_reading()
        else:
            self._source.transport.resume_reading()

    def _lay(self) -> None:
        """Join the stages into a pipeline, and choose where a chunk goes first."""
        following: Receiver = self._outlet
        for stage in reversed(self._stages.values()):
            stage.following = following
            following = stage
        if self._over or not self._opened or self._sink.transport is None:
            return
        self.head = self._enter if self._stages else self._sink.transport.write

    def _first(self) -> Receiver:
        return next(iter(self._stages.values()), self._outlet)

    def _enter(self, data: bytes) -> None:
        self._detoured += len(data)
        self._first().feed(data, time.monotonic())

    def _keep(self, data: bytes) -> None:
        self._detoured += len(data)
        self._early.append(data)
        self.regulate()

    def _discard(self, data: bytes) -> None:
        self._detoured += len(data)
