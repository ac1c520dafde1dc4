"""The levels, how the service moves between them, and what is switched off at each."""

from typing import Literal

from battery.reference.degradation.score import Component

Level = Literal["full", "reduced", "essential"]
LEVELS: tuple[Level, ...] = ("essential", "reduced", "full")
FULL_FROM, REDUCED_FROM = 80.0, 50.0
CALM_READINGS = 4
Feature = Literal["suggestions", "report"]
# The lowest level at which each feature that can be spared is there; all that is not named is always there.
SPARED_BELOW: dict[Feature, Level] = {"suggestions": "full", "report": "reduced"}


class Ladder:
    """Steps down at once, and up one level after some readings in a row that allow it."""

    def __init__(self, calm_readings: int = CALM_READINGS) -> None:
        self.level: Level = "full"
        self.score = 100.0
        self.changes = 0
        self.components: tuple[Component, ...] = ()
        self.spared: dict[Feature, int] = dict.fromkeys(SPARED_BELOW, 0)
        self._calm_readings, self._calm = calm_readings, 0

    def update(self, score: float) -> Level:
        """Take one reading of the health score into account; the level afterwards."""
        self.score = score
        now, allowed = LEVELS.index(self.level), LEVELS.index(level_for(score))
        self._calm = self._calm + 1 if allowed > now else 0
        if allowed < now:
            self._enter(LEVELS[allowed])
        elif self._calm >= self._calm_readings:
            self._enter(LEVELS[now + 1])
        return self.level

    def has(self, feature: Feature) -> bool:
        """Whether a feature is there at this level."""
        return LEVELS.index(self.level) >= LEVELS.index(SPARED_BELOW[feature])

    def allows(self, feature: Feature) -> bool:
        """Whether a request gets a feature; one that does not is counted."""
        if self.has(feature):
            return True
        self.spared[feature] += 1
        return False

    def _enter(self, level: Level) -> None:
        self.level, self._calm = level, 0
        self.changes += 1


def level_for(score: float) -> Level:
    """The level that a score allows."""
    if score >= FULL_FROM:
        return "full"
    return "reduced" if score >= REDUCED_FROM else "essential"
