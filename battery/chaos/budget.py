"""The error budget: how many probes may fail outside of the scenarios before the run is aborted. Pure.

A scenario makes the target fail on purpose; what fails while no scenario is on says that the target is worse off than
planned, and that the next fault would be put into a target that is already down.
"""

from collections.abc import Iterable, Sequence

from battery.chaos.recovery.probe import Probe
from battery.model.frozen import Frozen

ALLOWED = 0.05


class Window(Frozen, frozen=True, kw_only=True):
    """A scenario's time, from its injection to its recovery; the end is not part of it. `end` None: still on."""

    begin: float
    end: float | None = None

    def holds(self, time: float) -> bool:
        """Whether the time is in it."""
        return self.begin <= time and (self.end is None or time < self.end)


class ErrorBudget(Frozen, frozen=True, kw_only=True):
    """The share of the run's planned probes outside of scenarios that may fail; at least one whole probe may."""

    planned: int
    share: float = ALLOWED

    @property
    def failures(self) -> int:
        """How many that is."""
        return max(int(self.share * self.planned), 1)


class Spent(Frozen, frozen=True, kw_only=True):
    """What was used of the budget; failures inside of scenarios are counted beside it and cost nothing."""

    budget: ErrorBudget
    outside: int
    failed: int
    failed_in_scenarios: int

    @property
    def used_up(self) -> bool:
        """Whether the run must be aborted."""
        return self.failed > self.budget.failures

    @property
    def remaining(self) -> int:
        """Failures that are left."""
        return max(self.budget.failures - self.failed, 0)

    @property
    def words(self) -> str:
        """One line for people."""
        told = f"{self.failed} of {self.outside} probes outside of scenarios failed, the budget is {self.budget.failures}"
        if not self.used_up:
            return told
        return f"aborted: {told}; the target fails without a fault, look at it before the next run"


def spent(budget: ErrorBudget, probes: Iterable[Probe], windows: Sequence[Window]) -> Spent:
    """What the probes used of the budget. A probe belongs to a scenario when it was due in it or ended in it."""
    outside = failed = inside = 0
    for probe in probes:
        if any(window.holds(probe.at) or window.holds(probe.done) for window in windows):
            inside += not probe.ok
        else:
            outside += 1
            failed += not probe.ok
    return Spent(budget=budget, outside=outside, failed=failed, failed_in_scenarios=inside)
