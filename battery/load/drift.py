"""P4's drift: whether latency and the target's resources trend upwards, with the trend's confidence. Pure.

Latency is judged by the seconds on its course: what a neighbour's noise lifts for a while is no growth. How much of a
growth is sure, the fastest answers of those seconds say: they mostly escape a neighbour who stays.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence

from battery.load.resources import Usage
from battery.load.spike import SLACK_MS
from battery.load.tally import Slice
from battery.model.frozen import Frozen
from battery.statistics import Point, Trend, calm, start_of, trend

_HOUR = 3600.0
CONFIDENCE = 0.99
_FAR = 10.0  # seconds from a time slice to the next reading
_SEEN = 0.95


class Drift(Frozen, frozen=True, kw_only=True):
    """What changed per hour, for each quantity that was seen; None where there were too few seconds.

    `latency` is that of the medians of the seconds on the course, `course` of `seconds`; `lasting` has those added that
    stood above it until the end, `fastest` is that of the 10th percentiles. `begins_at` and `fastest_begins_at` are
    where the lines begin, in ms.
    """

    latency: Trend | None
    rss: Trend | None
    descriptors: Trend | None
    threads: Trend | None
    fastest: Trend | None
    lasting: Trend | None
    begins_at: float
    fastest_begins_at: float
    course: int
    seconds: int


def drift(slices: Sequence[Slice], usage: Sequence[Usage]) -> Drift:
    """Trends over the counted seconds: ms, MiB, descriptors and threads per hour."""
    seen = [item for item in slices if item.ok + item.failed]
    found = calm((item.second / _HOUR, item.p50) for item in seen)
    on_course = {time for time, _ in found.course}
    fast = [(item.second / _HOUR, item.p10) for item in seen if item.p10 and item.second / _HOUR in on_course]
    latency, fastest = trend(found.course, CONFIDENCE), trend(fast, CONFIDENCE)
    return Drift(
        latency=latency,
        rss=_of(usage, lambda item: item.rss),
        descriptors=_of(usage, lambda item: item.descriptors),
        threads=_of(usage, lambda item: item.threads),
        fastest=fastest,
        lasting=trend((*found.course, *found.lasting), CONFIDENCE),
        begins_at=_beginning(found.course, latency),
        fastest_begins_at=_beginning(fast, fastest),
        course=len(found.course),
        seconds=len(seen),
    )


def _beginning(course: Sequence[Point], found: Trend | None) -> float:
    """Where the line begins; among the first values, for what grows faster and faster leaves its line at both ends."""
    if found is None:
        return 0.0
    early = [value for _, value in course[: max(len(course) // 10, 3)]]
    return min(max(start_of(course, found.slope), min(early)), max(early))


class Growth(Frozen, frozen=True, kw_only=True):
    """By how much something grew over the whole series, with its one-sided bounds; 0 where it shrank."""

    value: float
    lower: float
    upper: float
    n: int


def growth(slices: Sequence[Slice], usage: Sequence[Usage]) -> dict[str, Growth | None]:
    """Growth over the series: latency as a share of where it began (of 2 ms at least), the others in their own unit.

    Readings from outside the slices' time are left out; without a time there is no growth, not even none.
    """
    first, last = (slices[0].second, slices[-1].second) if slices else (0, -1)
    within = [item for item in usage if first <= item.second <= last]
    found = drift(slices, within if _covers(within, slices) else [])
    hours = (last - first) / _HOUR
    return {
        "latency": _latency(found, hours),
        "memory": _grown(found.rss, hours),
        "descriptors": _grown(found.descriptors, hours),
        "threads": _grown(found.threads, hours),
    }


def _latency(found: Drift, hours: float) -> Growth | None:
    """The growth of the medians; surely as much of it as the fastest surely grew, perhaps as much as with what stayed above."""
    share = hours / max(found.begins_at, SLACK_MS)
    grown = _grown(found.latency, share)
    fastest = _grown(found.fastest, hours / max(found.fastest_begins_at, SLACK_MS))
    lasting = _grown(found.lasting, share)
    if grown is None:
        return None
    return Growth(
        value=grown.value,
        lower=min(fastest.lower, grown.value) if fastest else grown.lower,
        upper=max(grown.upper, lasting.upper) if lasting else grown.upper,
        n=grown.n,
    )


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
