"""The trial: one fault injected once, with its proof, its timeline and what stood in its way."""

from collections.abc import Sequence

from battery.chaos.faults.interface import Effect
from battery.chaos.recovery.probe import Series
from battery.chaos.recovery.timeline import Timeline
from battery.model.frozen import Frozen


class Trial(Frozen, frozen=True, kw_only=True):
    """`problem` says why the fault was not even tried; then there is neither effect nor timeline.

    `removing` is when its removal began: from then on the fault may be gone, while `removed` may be a second later.
    A needless one was not tried because the target never came back from an earlier one, which is the finding.
    """

    fault: str
    story: str
    repeat: int
    effect: Effect | None = None
    timeline: Timeline | None = None
    series: Series | None = None
    problem: str = ""
    needless: bool = False
    removing: float = 0.0

    @property
    def name(self) -> str:
        """What it is called in evidence."""
        return f"{self.fault} {self.repeat}"

    @property
    def happened(self) -> bool:
        """Whether the fault's own meter or the probes on the same path saw it, and it stood until its removal."""
        return self.effect is not None and not self.effect.ended_early and (self.effect.seen or self.breached)

    @property
    def breached(self) -> bool:
        """Whether the steady state was breached."""
        return self.timeline is not None and self.timeline.breach is not None

    @property
    def proof(self) -> str:
        """What shows that the fault happened, or why it is not known to have."""
        if self.effect is None:
            return self.problem
        probes = "the probes saw it" if self.breached else "the probes saw nothing"
        return f"{self.effect.meter}; {probes}"


def never_came_back(trials: Sequence[Trial]) -> bool:
    """Whether one of the trials was watched in time to the end and the target was not steady again."""
    lines = [trial.timeline for trial in trials if trial.timeline is not None]
    return any(line.steady is None and not line.problem for line in lines)
