"""The pace: how long a scenario looks before, holds its fault, and watches afterwards, by intensity."""

from battery.model.definition import Intensity
from battery.model.frozen import Frozen

WINDOW = 3.0


class Pace(Frozen, frozen=True, kw_only=True):
    """Seconds of baseline, of fault and of watching, and how often a scenario is repeated.

    `every_fault` runs all faults of a scenario, else only those that tell most. What must be seen before a scenario is
    called "never recovered" is `watch`, whatever the intensity: a target is not failed for our hurry.
    """

    baseline: float
    hold: float
    watch: float
    repeats: int
    every_fault: bool


_PACES: dict[Intensity, Pace] = {
    "smoke": Pace(baseline=2.5, hold=2.0, watch=60.0 + WINDOW, repeats=1, every_fault=False),
    "standard": Pace(baseline=4.0, hold=5.0, watch=60.0 + WINDOW, repeats=2, every_fault=True),
    "full": Pace(baseline=10.0, hold=15.0, watch=60.0 + WINDOW, repeats=5, every_fault=True),
}


def pace_of(intensity: Intensity) -> Pace:
    """The pace of an intensity."""
    return _PACES[intensity]
