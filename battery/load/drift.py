"""P4's drift: whether latency and the target's resources trend upwards, with the trend's confidence. Pure."""

from collections.abc import Callable, Sequence
from statistics import median

from battery.load.resources import Usage
from battery.load.tally import Slice
from battery.model.frozen import Frozen
from battery.statistics import Trend, trend

_HOUR = 3600.0
CONFIDENCE = 0.99


class Drift(Frozen, frozen=True, kw_only=True):
    """What changed per hour, for each quantity that was seen; None where there were too few seconds."""

    latency: Trend | None
    rss: Trend | None
    descriptors: Trend | None
    threads: Trend | None


def drift(slices: Sequence[Slice], usage: Sequence[Usage]) -> Drift:
    """Trends over the counted seconds: ms, MiB, descriptors and threads per hour."""
    latency = [(item.second / _HOUR, item.p50) for item in slices if item.sent]
    return Drift(
        latency=trend(latency, CONFIDENCE),
        rss=_of(usage, lambda item: item.rss),
        descriptors=_of(usage, lambda item: item.descriptors),
        threads=_of(usage, lambda item: item.threads),
    )


class Growth(Frozen, frozen=True, kw_only=True):
    """By how much something grew over the whole series, with its one-sided bounds; 0 where it shrank."""

    value: float
    lower: float
    upper: float
    n: int


def growth(slices: Sequence[Slice], usage: Sequence[Usage]) -> dict[str, Growth | None]:
    """Growth over the series: latency as a share of its beginning, the others in their own unit.

    Readings from outside the slices' time are left out; without a time there is no growth, not even none.
    """
    first, last = (slices[0].second, slices[-1].second) if slices else (0, -1)
    found = drift(slices, [item for item in usage if first <= item.second <= last])
    beginning = median([item.p50 for item in slices if item.sent][: max(len(slices) // 10, 3)] or [0.0])
    hours = (last - first) / _HOUR
    return {
        "latency": _grown(found.latency, hours / beginning) if beginning > 0 else None,
        "memory": _grown(found.rss, hours),
        "descriptors": _grown(found.descriptors, hours),
        "threads": _grown(found.threads, hours),
    }


def _grown(found: Trend | None, factor: float) -> Growth | None:
    if found is None or factor <= 0:
        return None
    value, lower, upper = (max(number * factor, 0.0) for number in (found.slope, found.lower, found.upper))
    return Growth(value=value, lower=lower, upper=upper, n=found.n)


def _of(usage: Sequence[Usage], value: Callable[[Usage], float | None]) -> Trend | None:
    seen = [(item.second / _HOUR, float(number)) for item in usage if (number := value(item)) is not None]
    return trend(seen, CONFIDENCE)
