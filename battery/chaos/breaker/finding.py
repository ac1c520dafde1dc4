"""What was inferred about a circuit breaker, with the numbers it was inferred from."""

from typing import Literal

from battery.model.frozen import Frozen

# hung: calls stopped arriving, but were not answered fast either. not needed: the dependency answered, if slowly.
# unknown: too little was seen to say.
Kind = Literal["closed again", "never opened", "never closed", "hung", "not needed", "unknown"]


class Trial(Frozen, frozen=True, kw_only=True):
    """Half-open: after the opening, `arrivals` reached the dependency within one go. Seconds after the injection."""

    at: float
    arrivals: int


class BreakerFinding(Frozen, frozen=True, kw_only=True):
    """Times in seconds: `opened` from the injection, `closed` from the removal; None where it was not seen.

    `threshold` failed arrivals came before the opening; with concurrent calls that is more than the breaker's own setting,
    by those under way when it opened. `crowd` is the most arrivals within a second while it was open, up to the one that closed it, or to the removal.
    `slow` and `fast` are the median times of the target's answers before and after it.
    """

    kind: Kind
    reason: str
    calls: int = 0
    arrived: int = 0
    opened: float | None = None
    threshold: int | None = None
    slow: float | None = None
    fast: float | None = None
    trials: tuple[Trial, ...] = ()
    interval: float | None = None
    crowd: int | None = None
    closed: float | None = None

    @property
    def trial_arrivals(self) -> int:
        """Arrivals after the opening, while the dependency was away: few, where half-open probes are few."""
        return sum(trial.arrivals for trial in self.trials)
