"""P3's recovery: how long after the end of a spike latency is back at its base. Pure."""

from collections.abc import Sequence
from statistics import median

from battery.load.tally import Slice
from battery.model.frozen import Frozen

TOLERANCE = 1.5
SLACK_MS = 2.0  # below this a ratio of latencies says nothing


class SpikeRecovery(Frozen, frozen=True, kw_only=True):
    """Seconds from the end of the spike to the first second from which on latency stays near base; None: never seen."""

    base_p50: float
    spike_p50: float
    seconds: float | None


def spike_recovery(slices: Sequence[Slice], base_stage: int, spike_stage: int) -> SpikeRecovery | None:
    """The recovery; None where a stage has no second of its own."""
    base = [item.p50 for item in slices if item.stage == base_stage and item.sent]
    spike = [item.p50 for item in slices if item.stage == spike_stage and item.sent]
    after = [item for item in slices if item.stage > spike_stage and item.sent]
    if not base or not spike or not after:
        return None
    level = median(base)
    bound = max(level * TOLERANCE, level + SLACK_MS)
    steady: float | None = None
    for item in after:
        calm = item.p50 <= bound and not item.failed
        if not calm:
            steady = None
        elif steady is None:
            steady = float(item.second - after[0].second)
    return SpikeRecovery(base_p50=level, spike_p50=median(spike), seconds=steady)
