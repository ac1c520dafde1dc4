"""Series of probes to measure: what a target does over time, as a function of the time."""

from collections.abc import Callable

from battery.chaos.recovery.marks import Marks
from battery.chaos.recovery.probe import Probe, Series

# Binary fractions: sums of them are exact, so that a shift in time changes no comparison.
PERIOD = 0.125
FAST = 2**-8
READY, ORDERS = "ready", "orders"
# Seconds that an answer takes; None for a failure.
Behaviour = Callable[[float], float | None]


def probe(at: float, took: float | None = FAST, request: str = READY, lag: float = 0.0) -> Probe:
    """One probe."""
    if took is None:
        return Probe(request=request, at=at, lag=lag, latency=lag + FAST, ok=False, error="refused")
    return Probe(request=request, at=at, lag=lag, latency=lag + took, ok=True, status=200)


def series(
    seconds: float, behaviour: Behaviour, requests: tuple[str, ...] = (READY, ORDERS), shift: float = 0.0
) -> Series:
    """Both requests, one after the other at even times."""
    step = PERIOD / len(requests)
    count = int(seconds / step)
    probes = tuple(
        probe(shift + n * step, behaviour(n * step), requests[n % len(requests)]) for n in range(count)
    )
    return Series(period=PERIOD, timeout=2.0, requests=requests, probes=probes, until=shift + count * step)


def marks(injected: float = 6.0, removed: float = 8.0, begun: float | None = None) -> Marks:
    """The fault's times."""
    return Marks(begun=injected if begun is None else begun, injected=injected, removed=removed)


def down(begin: float, end: float) -> Behaviour:
    """Fails in between."""
    return lambda time: None if begin <= time < end else FAST


def slow(begin: float, end: float, took: float) -> Behaviour:
    """Takes longer in between."""
    return lambda time: took if begin <= time < end else FAST
