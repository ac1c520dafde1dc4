"""What a scenario is: its story, what it needs, and the trials that it makes."""

from collections.abc import Sequence
from typing import Protocol

from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.pace import Pace
from battery.chaos.scenarios.trial import Trial
from battery.chaos.scenarios.world import World


class Scenario(Protocol):
    """One kind of harm. Its file says what; gates say how soon the target must be back."""

    id: str
    title: str
    story: str

    def obstacle(self, world: World) -> str:
        """Why it cannot be tried on this target and what would allow it; empty when it can."""
        ...

    def plan(self, world: World, pace: Pace) -> Sequence[str]:
        """What it would do, one line a fault: the text of a dry run."""
        ...

    def trials(self, world: World, pace: Pace, findings: Findings, experiment: Experiment) -> Sequence[Trial]:
        """Do it. What it finds beside recovery times goes into `findings`.

        Raises: UndoFailed when something could not be put back.
        """
        ...
