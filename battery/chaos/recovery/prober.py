"""The prober: asks the target at even times, each probe on a fresh connection, and never waits for an answer to ask again."""

import math
import ssl
from collections.abc import Callable, Sequence
from itertools import takewhile
from time import monotonic
from types import TracebackType
from typing import Self

from battery.chaos.recovery.client import Client, Shortage
from battery.chaos.recovery.exchange import judged
from battery.chaos.recovery.open_loop import OpenLoop
from battery.chaos.recovery.probe import LONGEST_PERIOD, Probe, Series
from battery.chaos.recovery.request import Place, Request
from battery.errors import UsageError

PERIOD = 0.1
TIMEOUT = 2.0


class Prober:
    """Every request is asked once a period, the requests spread evenly over it.

    A connection kept alive would outlive a restart of the listener or miss a fault of new connections, and would
    need excuses when it was closed in between: so each probe opens its own.
    """

    def __init__(
        self,
        place: Place,
        requests: Sequence[Request],
        *,
        period: float = PERIOD,
        timeout: float = TIMEOUT,
        on_probe: Callable[[Probe], None] = lambda _: None,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        """`on_probe` is called in the prober's thread as each probe ends.

        Raises: UsageError for no request, two of one name, or a period that is too long.
        """
        _check(requests, period, timeout)
        self._requests, self._period, self._timeout = tuple(requests), period, timeout
        self._on_probe = on_probe
        self._client = Client(place, trusted=trusted)
        self._probes: list[Probe] = []
        # All that can be under way when each one runs into its time-out, and as many again for a loop that is late.
        most = 2 * len(requests) * (math.ceil(timeout / period) + 1)
        step = period / len(requests)
        self._loop = OpenLoop("prober", step, self._probe, self._client.resolve, most_in_flight=most)

    def start(self) -> None:
        """Begin. Raises: TargetUnreachable when the target's name has no address."""
        self._loop.start()

    def stop(self) -> Series:
        """Ask nothing more, wait for what is under way, and give all of it."""
        self._loop.stop(self._timeout)
        return self.series()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.stop(self._timeout)

    def series(self) -> Series:
        """The series so far."""
        until = self._loop.settled_until()  # read before the probes: those due before it are then among them
        return Series(
            period=self._period,
            timeout=self._timeout,
            requests=tuple(request.name for request in self._requests),
            probes=tuple(sorted(self._probes, key=lambda probe: probe.at)),
            until=self.offset(until),
            unsent=dict(self._loop.unsent),
        )

    def lately(self, seconds: float) -> Sequence[Probe]:
        """Those that ended in the last so many seconds, the newest first. Looks at no others, so that it costs little."""
        since = self.now() - seconds
        return list(takewhile(lambda probe: probe.done >= since, reversed(self._probes)))

    def offset(self, time: float) -> float:
        """A time of the monotonic clock as seconds from the series' beginning."""
        return time - self._loop.zero

    def now(self) -> float:
        """This moment as seconds from the series' beginning."""
        return self.offset(monotonic())

    async def _probe(self, number: int, due: float) -> None:
        request = self._requests[number % len(self._requests)]
        sent = monotonic()
        try:
            answer = await self._client.ask(request, self._timeout)
        except Shortage as shortage:
            self._loop.unsent[f"this machine had {shortage}"] += 1
            return
        error = judged(request, answer)
        probe = Probe(
            request=request.name,
            at=round(self.offset(due), 6),
            lag=round(max(sent - due, 0.0), 6),
            latency=round(answer.done - due, 6),
            ok=not error,
            status=answer.status,
            error=error,
        )
        self._probes.append(probe)
        self._on_probe(probe)


def _check(requests: Sequence[Request], period: float, timeout: float) -> None:
    names = [request.name for request in requests]
    if not names:
        raise UsageError("the prober was given no request: name a ready path or an endpoint in battery.toml")
    if len(set(names)) < len(names):
        raise UsageError(f"two requests of the prober have one name: {', '.join(sorted(names))}")
    if not 0 < period <= LONGEST_PERIOD:
        raise UsageError(
            f"a probing period of {period:g} s: expected more than 0 and up to {LONGEST_PERIOD:g} s"
        )
    if not timeout > 0:
        raise UsageError(f"a probe's time-out of {timeout:g} s: expected more than 0")
