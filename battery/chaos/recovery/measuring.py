"""Measuring: finds the times of a timeline in a series of probes. Pure.

A breach is one failure (more than the target's own share, where it has one), or a probe above its level with at least
half of the same request's probes in the second from it on bad too: one hiccup is no breach. Steady again is the first
full window whose probes agree with the hypothesis, counted from a good probe that was due after the removal, and never
before the first success.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from battery.chaos.recovery.blindness import Blindness
from battery.chaos.recovery.marks import Marks
from battery.chaos.recovery.probe import Probe, Series
from battery.chaos.recovery.steady import BASELINE, Hypothesis, hypothesis
from battery.chaos.recovery.timeline import Timeline

WINDOW = 3.0
_CONFIRM = 1.0
_LEAST_TO_CONFIRM = 3
_TINY = 1e-9  # a window may end when the series does, whatever rounding says


def timeline(series: Series, marks: Marks, *, window: float = WINDOW, baseline: float = BASELINE) -> Timeline:
    """The timeline of one injection; may be asked again and again while the series grows."""
    probes = [probe for probe in series.probes if probe.at < series.until]
    found = hypothesis(probes, series.requests, marks.begun, baseline)
    blindness = Blindness(series, marks.begun - baseline)
    times = _Times(probes, found)
    success = min((p.done for p in times.between(marks.removed) if p.ok), default=None)
    steady = times.steady(marks.removed, series.until, window)
    if steady is not None and success is not None:
        end, steady = steady + window, max(steady, success)
        breach, relapse = times.breach(marks.begun, steady), times.breach(end)
    else:
        breach, relapse = times.breach(marks.begun), None
    latest = _latest(times, blindness, steady, (marks.removed, series.until), window)
    looked_until = series.until if latest is None else latest + window
    return Timeline(
        hypothesis=found,
        marks=marks,
        window=window,
        until=series.until,
        breach=breach,
        success=success,
        steady=steady,
        relapse=relapse,
        latest=latest,
        blind=blindness.seconds(marks.begun - baseline, looked_until),
        starved=blindness.problem("before the fault", marks.begun - baseline, marks.begun)
        or blindness.problem("while the fault stood", marks.begun, marks.removed)
        or (
            "" if latest is not None else blindness.problem("after the removal", marks.removed, series.until)
        ),
    )


def _latest(
    times: "_Times", blindness: Blindness, steady: float | None, watched: tuple[float, float], window: float
) -> float | None:
    """When steady state had begun at the latest: by the first steady window in which enough was seen."""
    if steady is None:
        return None
    first = times.steady(*watched, window, enough=blindness.bounds)
    return None if first is None else max(steady, blindness.bound(first, first + window))


class _Times:
    """Looks into probes by their due times."""

    def __init__(self, probes: Sequence[Probe], steady: Hypothesis) -> None:
        self._probes = probes
        self._at = [probe.at for probe in probes]
        self._steady = steady

    def between(self, begin: float, end: float | None = None) -> Sequence[Probe]:
        """Probes that were due from `begin` on, and before `end`."""
        last = len(self._at) if end is None else bisect_left(self._at, end)
        return self._probes[bisect_left(self._at, begin) : last]

    def breach(self, begin: float, end: float | None = None) -> float | None:
        """When the first probe that breaches was due."""
        return next((probe.at for probe in self._bad(begin, end) if self._is_breach(probe)), None)

    def steady(
        self,
        begin: float,
        until: float,
        window: float,
        enough: Callable[[float, float], bool] = lambda begin, end: True,  # noqa: ARG005 -- the shape of the question
    ) -> float | None:
        """When the first steady window began; one that is not over by `until`, or not seen `enough` of, counts for nothing."""
        if self._steady.problem:
            return None
        failed_until = begin - 1.0
        for probe in self.between(begin, until - window + _TINY):
            if probe.at <= failed_until or self._steady.is_bad(probe):
                continue
            within = self.between(probe.at, probe.at + window)
            if not self._steady.unsteady(within, window) and enough(probe.at, probe.at + window):
                return probe.at
            if not self._steady.failed:
                # Where no failure is steady, no window that holds this one is: a long outage is skipped at once.
                failed_until = max((p.at for p in within if not p.ok), default=failed_until)
        return None

    def _bad(self, begin: float, end: float | None) -> Iterator[Probe]:
        return (probe for probe in self.between(begin, end) if self._steady.is_bad(probe))

    def _is_breach(self, probe: Probe) -> bool:
        second = [p for p in self.between(probe.at, probe.at + _CONFIRM) if p.request == probe.request]
        if not probe.ok and sum(not p.ok for p in second) > self._steady.allowed(len(second)):
            return True
        bad = sum(self._steady.is_bad(p) for p in second)
        return len(second) >= _LEAST_TO_CONFIRM and 2 * bad >= len(second)
