"""The behavioural proof: with a dependency cut, ready says no and live says yes, and both say yes when it is back."""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from battery.model.frozen import Frozen
from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.health.answer import HealthAnswer

Health = Callable[[], tuple[HealthAnswer, HealthAnswer]]


class Look(NamedTuple):
    """What live and ready answered so many seconds after the cut; 0 stands for no answer."""

    at: float
    live: int
    ready: int

    @property
    def is_live(self) -> bool:
        """Whether live said yes."""
        return 200 <= self.live < 300

    @property
    def is_ready(self) -> bool:
        """Whether ready said yes."""
        return 200 <= self.ready < 300


class Waits(Frozen, frozen=True, kw_only=True):
    """Seconds: how long calm is waited for, how long ready may take to say no, how long the cut lasts at least, and how long the way back may take."""

    calm: float = 15.0
    no: float = 20.0
    hold: float = 3.0
    back: float = 60.0
    every: float = 0.1


class Outage(Frozen, frozen=True, kw_only=True):
    """What was seen before, during and after the cut. Times are seconds from the cut, or from its end."""

    dependency: str
    calm: bool
    looks: tuple[Look, ...] = ()
    said_no_after: float | None = None
    live_failures: int = 0
    back_after: float | None = None


class Watch:
    """Looks at live and ready, on a clock that starts with the cut."""

    def __init__(self, health: Health, every: float) -> None:
        self._health, self._every = health, every
        self._zero = time.monotonic()
        self.looks: list[Look] = []

    def now(self) -> float:
        """Seconds since the watch began."""
        return time.monotonic() - self._zero

    def until(self, wanted: Callable[[Look], bool], seconds: float, *, least: float = 0.0) -> float | None:
        """When a look was first as wanted; none when the time was over before. Looks go on for `least` seconds."""
        began, seen = self.now(), None
        while True:
            live, ready = self._health()
            look = Look(at=round(self.now(), 3), live=live.status, ready=ready.status)
            self.looks.append(look)
            if seen is None and wanted(look):
                seen = look.at
            passed = self.now() - began
            if (seen is not None and passed >= least) or passed >= max(seconds, least):
                return seen
            time.sleep(self._every)


def watch_outage(
    dependency: str,
    health: Health,
    cut: Callable[[], object],
    mend: Callable[[], object],
    waits: Waits | None = None,
) -> Outage:
    """Cut, watch, mend, watch. Whatever happens, what was cut is mended."""
    waits = waits or Waits()
    before = Watch(health, waits.every)
    if before.until(_is_well, waits.calm) is None:
        return Outage(dependency=dependency, calm=False, looks=tuple(before.looks))
    cut()
    watch = Watch(health, waits.every)
    try:
        said_no = watch.until(lambda look: not look.is_ready, waits.no, least=waits.hold)
    finally:
        mend()
    ended, during = watch.now(), tuple(watch.looks)
    back = watch.until(_is_well, waits.back)
    return Outage(
        dependency=dependency,
        calm=True,
        looks=tuple(watch.looks),
        said_no_after=said_no,
        live_failures=sum(not look.is_live for look in during),
        back_after=None if back is None else back - ended,
    )


def _is_well(look: Look) -> bool:
    return look.is_live and look.is_ready


def outage_flaws(outage: Outage) -> Iterator[Flaw]:
    """What live and ready should have said and did not."""
    where, last = outage.dependency, outage.looks[-1]
    if outage.said_no_after is None:
        text = "ready went on saying yes while the dependency was cut: a balancer would have sent users to errors"
        yield Flaw(rule="health.ready", where=where, text=text)
    if outage.live_failures:
        text = f"live said no {outage.live_failures} times while only a dependency was cut: an orchestrator would have killed a healthy process"
        yield Flaw(rule="health.live", where=where, text=text)
    if outage.back_after is None:
        text = f"with the dependency back, live says {last.live} and ready {last.ready}: the service did not recover by itself"
        yield Flaw(rule="health.back", where=where, text=text)
