"""The pace: how long a scenario looks before, holds its fault, and watches afterwards, by intensity."""

from battery.chaos.recovery.measuring import WINDOW
from battery.chaos.recovery.prober import PERIOD
from battery.model.definition import Intensity
from battery.model.frozen import Frozen

_MIB, _GIB = 2**20, 2**30


class Pace(Frozen, frozen=True, kw_only=True):
    """Seconds of baseline, of fault and of watching, and how often a scenario is repeated.

    A target is back when a whole window agrees with the baseline, which is no shorter for our hurry: a slow flapper would be
    called back. A shorter baseline asks more often, at each `period`, so that it holds enough probes.

    `patience` is how long a target that is not steady yet is waited for; nothing is injected into one that stays so.

    `memory` is the most that memory pressure takes: touching all of a large machine's takes minutes. `every_fault` runs all
    faults of a scenario, else only those that tell most. What must be seen before a scenario is called "never recovered" is
    `watch` from the removal on, whatever the intensity: a target is not failed for our hurry.
    """

    baseline: float
    hold: float
    watch: float
    repeats: int
    every_fault: bool
    memory: int
    window: float = WINDOW
    period: float = PERIOD
    patience: float = 15.0


# A second more than a minute: what is not back by then was away for longer than a minute.
_WATCH = 60.0 + 1.0
_PACES: dict[Intensity, Pace] = {
    "smoke": Pace(
        baseline=1.5,
        hold=1.5,
        watch=_WATCH,
        repeats=1,
        every_fault=False,
        memory=256 * _MIB,
        period=PERIOD / 2,
    ),
    "standard": Pace(baseline=4.0, hold=5.0, watch=_WATCH, repeats=2, every_fault=True, memory=4 * _GIB),
    "full": Pace(baseline=10.0, hold=15.0, watch=_WATCH, repeats=5, every_fault=True, memory=64 * _GIB),
}


def pace_of(intensity: Intensity) -> Pace:
    """The pace of an intensity."""
    return _PACES[intensity]
