"""P4's drift: whether latency and the target's resources trend upwards, with the trend's confidence. Pure."""

from collections.abc import Callable, Sequence

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
        descriptors=_of(usage, lambda item: float(item.descriptors)),
        threads=_of(usage, lambda item: float(item.threads)),
    )


def _of(usage: Sequence[Usage], value: Callable[[Usage], float]) -> Trend | None:
    return trend([(item.second / _HOUR, value(item)) for item in usage], CONFIDENCE)
