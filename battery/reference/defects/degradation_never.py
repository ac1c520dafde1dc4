"""A service that gives nothing up, however short it is of everything."""

from battery.reference.defects.defect import Defect
from battery.reference.degradation.ladder import Ladder, Level

DEFECT = Defect(
    name="degradation_never",
    title="the level stays full and no feature is switched off, whatever the health score",
    instrument="readiness",
)


class StiffLadder(Ladder):
    """Notes the score and stays where it is."""

    def update(self, score: float) -> Level:
        """Take no notice."""
        self.score = score
        return self.level
