"""How the service copes: its level and why, what is switched off, its breaker, its supervisor."""

from typing import Literal

import msgspec

from battery.reference.degradation.ladder import SPARED_BELOW, Feature, Ladder, Level
from battery.reference.degradation.score import Component
from battery.reference.dependency.link import DependencyLink
from battery.reference.lifecycle import Lifecycle


class State(msgspec.Struct, frozen=True):
    """One look at it; `breaker` is null without a dependency, `restarts` without a supervisor."""

    level: Level
    score: float
    breaker: str | None
    restarts: int | None
    components: tuple[Component, ...]
    features: dict[Feature, Literal["on", "off"]]


class StateReader:
    """Looks."""

    def __init__(self, ladder: Ladder, link: DependencyLink, lifecycle: Lifecycle) -> None:
        self._ladder, self._link, self._lifecycle = ladder, link, lifecycle

    def read(self) -> State:
        """The state at this moment."""
        breaker, ladder = self._link.breaker, self._ladder
        return State(
            level=ladder.level,
            score=round(ladder.score, 1),
            breaker=breaker.state if breaker else None,
            restarts=self._lifecycle.restarts,
            components=ladder.components,
            features={feature: "on" if ladder.has(feature) else "off" for feature in SPARED_BELOW},
        )
