"""A stage between nothing: a link that has timers and chance, and an end that keeps what comes."""

import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from battery.chaos.toxiproxy.server.plane.timers import Timer
from battery.chaos.toxiproxy.server.plane.toxic import Toxic
from battery.chaos.toxiproxy.server.stages.kinds import KINDS
from battery.chaos.toxiproxy.server.stages.stage import Stage


class HandTimers:
    """Timers that ring when the test says."""

    def __init__(self) -> None:
        self.set: list[tuple[float, Timer]] = []

    def at(self, when: float, callback: Callable[[], None]) -> Timer:
        timer = Timer(callback)
        self.set.append((when, timer))
        return timer

    def live(self) -> list[float]:
        """The times of those that are not cancelled."""
        return [when for when, timer in self.set if timer.callback is not None]

    def ring(self) -> None:
        """Ring all that are set now."""
        due, self.set = self.set, []
        for _, timer in due:
            if timer.callback is not None:
                timer.callback()


class Bench:
    """One stage, what came out of it, and what it did to its connection."""

    def __init__(self, type_: str, **attributes: int) -> None:
        self.toxic = Toxic(KINDS[type_], "t", "upstream", 1.0, attributes)
        self.timers, self.out, self.ends, self.did = HandTimers(), bytearray(), 0, list[str]()
        connection = SimpleNamespace(
            close=lambda by, why: self.did.append(f"close: {by}: {why}"),
            reset=lambda by, why: self.did.append(f"reset: {by}: {why}"),
        )
        link: Any = SimpleNamespace(
            timers=self.timers,
            random=random.Random(7),
            connection=connection,
            regulate=lambda: self.did.append("regulate"),
            cut=None,
        )
        self.link = link
        assert self.toxic.kind.stage is not None
        self.stage: Stage = self.toxic.kind.stage(link, self.toxic, self)
        self.stage.met()

    def feed(self, data: bytes, at: float) -> None:
        """What comes out."""
        self.out += data

    def end(self, at: float) -> None:
        """The end comes out."""
        self.ends += 1
