"""The steady state: a hypothesis from the time before the fault, and whether later probes agree with it. Pure."""

import math
from collections.abc import Sequence

from battery.chaos.recovery.level import Level, level_of, median, moved_from
from battery.chaos.recovery.probe import Probe
from battery.model.frozen import Frozen

BASELINE = 5.0
LEAST_PROBES = 20  # of each request: fewer say nothing about a 95th percentile
MOST_FAILED = 0.01


class Hypothesis(Frozen, frozen=True, kw_only=True):
    """What steady means for this target: a level for each request, and the failures that it has anyway.

    `problem` says why there is no steady state to come back to; a scenario with one is undecided.
    """

    levels: tuple[Level, ...] = ()
    failed: int = 0
    n: int = 0
    problem: str = ""

    def unsteady(self, probes: Sequence[Probe], seconds: float) -> str:
        """Why these probes of `seconds` are not the steady state; empty when they are."""
        failed = sum(not probe.ok for probe in probes)
        if failed > self.allowed(len(probes)):
            return f"{failed} of {len(probes)} probes failed"
        for level in self.levels:
            if why := level.left([probe for probe in probes if probe.request == level.request], seconds):
                return why
        return "" if self.levels else "there is no level to compare with"

    def allowed(self, n: int) -> int:
        """How many of n probes fail in the steady state."""
        return math.ceil(n * self.failed / self.n) if self.n else 0

    def is_bad(self, probe: Probe) -> bool:
        """Whether one probe failed or is above its level; of a request without a level only a failure is."""
        return (
            any(level.is_bad(probe) for level in self.levels if level.request == probe.request)
            or not probe.ok
        )


def hypothesis(
    probes: Sequence[Probe], requests: Sequence[str], until: float, seconds: float = BASELINE
) -> Hypothesis:
    """The steady state in the `seconds` before `until`, from probes that had ended by then."""
    seen = [probe for probe in probes if until - seconds <= probe.at and probe.done <= until]
    failed = sum(not probe.ok for probe in seen)
    by_request = {name: [probe for probe in seen if probe.request == name] for name in requests}
    problem = _problem(seen, failed, by_request, seconds)
    levels = () if problem else tuple(level_of(name, of, seconds) for name, of in by_request.items())
    return Hypothesis(levels=levels, failed=failed, n=len(seen), problem=problem)


def _problem(seen: Sequence[Probe], failed: int, by_request: dict[str, list[Probe]], seconds: float) -> str:
    """Why this is no steady state; empty when it is one."""
    if not by_request:
        return "no request was probed"
    for name, probes in by_request.items():
        if len(probes) < LEAST_PROBES:
            return f"{name}: {len(probes)} probes had ended in the {seconds:g} s before the fault, at least {LEAST_PROBES} are needed"
    if failed > MOST_FAILED * len(seen):
        kinds = ", ".join(sorted({probe.error for probe in seen if probe.error}))
        return f"{failed} of {len(seen)} probes failed before the fault ({kinds}), at most {MOST_FAILED:.0%} is steady"
    return next((why for name, probes in by_request.items() if (why := _moving(name, probes))), "")


def _moving(name: str, probes: Sequence[Probe]) -> str:
    """Whether the target was still warming up, or already going down."""
    half = len(probes) // 2
    first, second = median(probes[:half]), median(probes[half:])
    if max(first, second) <= moved_from(min(first, second)):
        return ""
    return f"{name}: latency was moving before the fault, median {first * 1000:.0f} ms and then {second * 1000:.0f} ms"
