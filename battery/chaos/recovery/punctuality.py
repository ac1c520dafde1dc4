"""Punctuality: whether the prober itself kept its times; a late prober is never blamed on the target. Pure."""

from battery.chaos.recovery.probe import Series
from battery.model.evidence import Proof

NAME = "the prober kept its times"
LATE = 0.05
MOST_LATE = 0.05
# What happens between two probes is seen by neither: with the longest period this is three quarters of a second.
LONGEST_LAG = 0.5


def punctuality(series: Series) -> Proof:
    """Holds when every probe left, at most one in twenty more than 50 ms late, and none more than half a second."""
    if not series.probes:
        return Proof(name=NAME, ok=False, detail=_unsent(series) or "no probe ended")
    lags = sorted(probe.lag for probe in series.probes)
    late = sum(lag > LATE for lag in lags)
    share = late / len(lags)
    detail = (
        f"{len(lags)} probes, {late} more than {LATE * 1000:g} ms late ({share:.1%}, allowed {MOST_LATE:.0%}), "
        f"the latest by {lags[-1] * 1000:.0f} ms (allowed {LONGEST_LAG * 1000:g} ms)"
    )
    if unsent := _unsent(series):
        return Proof(name=NAME, ok=False, detail=f"{detail}; {unsent}")
    return Proof(name=NAME, ok=share <= MOST_LATE and lags[-1] <= LONGEST_LAG, detail=detail)


def _unsent(series: Series) -> str:
    reasons = ", ".join(f"{why} ({count}x)" for why, count in sorted(series.unsent.items()))
    return f"{sum(series.unsent.values())} probes never left: {reasons}" if reasons else ""
