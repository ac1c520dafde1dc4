"""Blindness: when the prober itself was late, and what that takes from a trial; never blamed on the target. Pure.

From the time at which a probe was due until it left nobody looked: the prober was blind. Outside the windows of a trial
that does no harm. In a window it may be blind for half a second, or for a tenth of it where that is more. Before and
during the fault more makes the trial void. After the removal it makes the recovery's bound later: what failed unseen was over
when the prober looked again; a window in which it was blind for longer, or at its end, bounds nothing.
"""

import math
from typing import NamedTuple

from battery.chaos.recovery.probe import LONGEST_PERIOD, Series

LATE = 0.05
_MOST_SECONDS = 0.5
_MOST_SHARE = 0.1
_REACH = 2.0  # a probe is sent at most a second late, so that one due before the windows may reach into them


class Blind(NamedTuple):
    """A span in which nobody looked."""

    begin: float
    end: float


class Blindness:
    """When the prober of a series was blind, from `since` on."""

    def __init__(self, series: Series, since: float) -> None:
        self._spans = _merged(_spans(series, since - _REACH))
        self._unsent = ", ".join(f"{why} ({count}x)" for why, count in sorted(series.unsent.items()))

    def seconds(self, begin: float, end: float) -> float:
        """For how long it was blind between two times."""
        return sum(span.end - span.begin for span in self._within(begin, end))

    def allows(self, begin: float, end: float) -> bool:
        """Whether enough was seen between two times."""
        return self.seconds(begin, end) <= _allowed(begin, end)

    def bounds(self, begin: float, end: float) -> bool:
        """Whether a window that shows good bounds a recovery: enough was seen, and somebody looked again before its end."""
        open_end = any(
            span.begin < end <= span.end and span.end - span.begin > LONGEST_PERIOD for span in self._spans
        )
        return self.allows(begin, end) and not open_end

    def problem(self, when: str, begin: float, end: float) -> str:
        """Why too little was seen between two times, which `when` names; empty when it was enough."""
        if self.allows(begin, end):
            return ""
        unsent = f"; probes of this run that never left: {self._unsent}" if self._unsent else ""
        return (
            f"the prober was late: blind for {self.seconds(begin, end):.2f} of the {end - begin:.2f} s {when}, at most "
            f"{_allowed(begin, end):.2f} s is allowed; give this machine less to do beside the battery{unsent}"
        )

    def bound(self, begin: float, end: float) -> float:
        """The last time at which what shows good from `begin` to `end` may still have been bad.

        A span no longer than the longest period that a prober may have hides nothing that punctual probes would have met,
        unless it lies at the beginning itself.
        """
        hiding = [
            span.end
            for span in self._within(begin, end)
            if span.begin <= begin or span.end - span.begin > LONGEST_PERIOD
        ]
        return max(hiding, default=begin)

    def _within(self, begin: float, end: float) -> list[Blind]:
        cut = (Blind(max(span.begin, begin), min(span.end, end)) for span in self._spans)
        return [span for span in cut if span.begin < span.end]


def _allowed(begin: float, end: float) -> float:
    return max(_MOST_SECONDS, _MOST_SHARE * (end - begin))


def _spans(series: Series, since: float) -> list[Blind]:
    """Of probes that left late, and of those that never left."""
    step = series.period / len(series.requests)
    first, last = max(math.ceil(since / step), 0), round(series.until / step)
    seen = [probe for probe in series.probes if probe.at >= since]
    begun = {round(probe.at / step) for probe in seen}
    late = [Blind(probe.at, probe.at + probe.lag) for probe in seen if probe.lag > LATE]
    return late + [
        Blind(number * step, number * step + series.period)
        for number in range(first, last)
        if number not in begun
    ]


def _merged(spans: list[Blind]) -> list[Blind]:
    merged: list[Blind] = []
    for span in sorted(spans):
        if merged and span.begin <= merged[-1].end:
            merged[-1] = Blind(merged[-1].begin, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged
