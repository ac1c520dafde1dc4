"""Repeats: several timelines of one scenario as one value with its bound. Pure.

The value is the longest recovery that was seen, not a mean: one that never ended would vanish in a mean, and a gate that
says "every" means the longest. With 95 % confidence at least a share of 0.05 ** (1 / n) of all recoveries is no longer
than the longest of n independent ones (Wilks, 1941), whatever their distribution. That is called an upper bound from n = 5
on, where it covers more than half of them; below, `upper` is None and the share is told all the same.
"""

from collections.abc import Sequence

from battery.chaos.recovery.span import Span
from battery.chaos.recovery.timeline import Timeline
from battery.model.frozen import Frozen

CONFIDENCE = 0.95
_LEAST_COVERED = 0.5


class Repeats(Frozen, frozen=True, kw_only=True):
    """What n runs say together. `value` is None when none of them can be used; `problems` are of those that cannot.

    `latest` is the longest that a recovery may have been where the prober was late.
    """

    value: Span | None
    latest: Span | None
    median: Span | None
    upper: Span | None
    n: int
    censored: int
    covers: float
    problems: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """One line for people."""
        problems = f"; {len(self.problems)} undecided: {self.problems[0]}" if self.problems else ""
        if self.value is None:
            return f"n = 0: no run measured a recovery{problems}"
        if self.n == 1:
            return f"recovery {self.value}, n = 1: one run has no bound{problems}"
        ended = f", {self.censored} never ended" if self.censored else ""
        return (
            f"recovery at worst {self.value}, median {self.median}, n = {self.n}{ended}: with {CONFIDENCE:.0%} confidence "
            f"at least {self.covers:.0%} of recoveries are no longer than the worst{problems}"
        )


def repeats(timelines: Sequence[Timeline]) -> Repeats:
    """All of them together; a run that was not steady before its fault is a problem and not a sample."""
    used = [each for each in timelines if not each.problem]
    spans = sorted((each.recovery for each in used), key=lambda span: span.order)
    problems = tuple(each.problem for each in timelines if each.problem)
    n = len(spans)
    if not n:
        return Repeats(
            value=None, latest=None, median=None, upper=None, n=0, censored=0, covers=0.0, problems=problems
        )
    covers = (1.0 - CONFIDENCE) ** (1.0 / n)
    return Repeats(
        value=spans[-1],
        latest=max((each.recovery_at_latest for each in used), key=lambda span: span.order),
        median=spans[n // 2],
        upper=spans[-1] if covers > _LEAST_COVERED else None,
        n=n,
        censored=sum(span.censored for span in spans),
        covers=covers,
        problems=problems,
    )
