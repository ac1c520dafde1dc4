"""Pressing: one endpoint asked more often than the prober asks, only while a fault stands."""

from collections.abc import Sequence
from operator import attrgetter
from time import monotonic
from types import TracebackType
from typing import Self

import msgspec

from battery.chaos.recovery.probe import Probe
from battery.chaos.recovery.prober import Prober
from battery.chaos.recovery.request import Place, Request

PERIOD = 0.04


class Pressing:
    """A prober of its own, started and stopped by the trial; stopped at the block's end at the latest."""

    def __init__(self, place: Place, request: Request) -> None:
        self._prober = Prober(place, [request], period=PERIOD)
        self._is_running = False
        self._calls: tuple[Probe, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to ask. Raises: TargetUnreachable."""
        self._prober.start()
        self._is_running = True

    def stop(self) -> None:
        """Ask no more, and wait for what is under way."""
        if self._is_running:
            self._is_running = False
            self._calls = self._prober.stop().probes

    def with_those_of(self, prober: Prober, calls: Sequence[Probe]) -> list[Probe]:
        """Another prober's calls and these, on the other's time line and in its order."""
        moment = monotonic()
        shift = prober.offset(moment) - self._prober.offset(moment)
        shifted = [msgspec.structs.replace(call, at=call.at + shift) for call in self._calls]
        return sorted([*calls, *shifted], key=attrgetter("at"))
