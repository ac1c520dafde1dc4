"""P4's drift: whether latency and the target's resources trend upwards, with the trend's confidence. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from statistics import median

from battery.load.resources import Usage
from battery.load.spike import SLACK_MS
from battery.load.tally import Slice
from battery.model.frozen import Frozen
from battery.statistics import Trend, trend

_HOUR = 3600.0
CONFIDENCE = 0.99
_FAR = 10.0  # seconds from a time slice to the next reading
_SEEN = 0.95


class Drift(Frozen, frozen=True, kw_only=True):
    """What changed per hour, for each quantity that was seen; None where there were too few seconds."""

    latency: Trend | None
    rss: Trend | None
    descriptors: Trend | None
    threads: Trend | None


def drift(slices: Sequence[Slice], usage: Sequence[Usage]) -> Drift:
    """Trends over the counted seconds: ms, MiB, descriptors and threads per hour."""
    latency = [(item.second / _HOUR, item.p50) for item in slices if item.ok + item.failed]
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
    """Growth over the series: latency as a share of its beginning (of 2 ms at least), the others in their own unit.

    Readings from outside the slices' time are left out; without a time there is no growth, not even none.
    """
    first, last = (slices[0].second, slices[-1].second) if slices else (0, -1)
    within = [item for item in usage if first <= item.second <= last]
    found = drift(slices, within if _covers(within, slices) else [])
    beginning = median(
        [item.p50 for item in slices if item.ok + item.failed][: max(len(slices) // 10, 3)] or [0.0]
    )
    hours = (last - first) / _HOUR
    return {
        "latency": _grown(found.latency, hours / max(beginning, SLACK_MS)) if beginning > 0 else None,
        "memory": _grown(found.rss, hours),
        "descriptors": _grown(found.descriptors, hours),
        "threads": _grown(found.threads, hours),
    }


def _covers(usage: Sequence[Usage], slices: Sequence[Slice]) -> bool:
    """Whether the target was read all the while: what nobody saw may have grown."""
    times = [item.second for item in usage]
    if not times:
        return False
    far = max(_FAR, (slices[-1].second - slices[0].second) / len(slices) * 2)
    seen = sum(_distance(times, item.second) <= far for item in slices)
    return seen >= _SEEN * len(slices)


def _distance(times: Sequence[int], second: int) -> int:
    """From a second to the reading that is nearest to it."""
    place = bisect_left(times, second)
    return min(abs(second - near) for near in times[max(place - 1, 0) : place + 1])


def _grown(found: Trend | None, factor: float) -> Growth | None:
    if found is None or factor <= 0:
        return None
    value, lower, upper = (max(number * factor, 0.0) for number in (found.slope, found.lower, found.upper))
    return Growth(value=value, lower=lower, upper=upper, n=found.n)


def _of(usage: Sequence[Usage], value: Callable[[Usage], float | None]) -> Trend | None:
    seen = [(item.second / _HOUR, float(number)) for item in usage if (number := value(item)) is not None]
    return trend(seen, CONFIDENCE)
