"""How the service copes: its level, its breaker, its supervisor."""

import msgspec

from battery.reference.degradation.ladder import Ladder, Level
from battery.reference.dependency.link import DependencyLink
from battery.reference.lifecycle import Lifecycle


class State(msgspec.Struct, frozen=True):
    """One look at it; `breaker` is null without a dependency, `restarts` without a supervisor."""

    level: Level
    score: float
    breaker: str | None
    restarts: int | None


class StateReader:
    """Looks."""

    def __init__(self, ladder: Ladder, link: DependencyLink, lifecycle: Lifecycle) -> None:
        self._ladder, self._link, self._lifecycle = ladder, link, lifecycle

    def read(self) -> State:
        """The state at this moment."""
        breaker = self._link.breaker
        return State(
            level=self._ladder.level,
            score=round(self._ladder.score, 1),
            breaker=breaker.state if breaker else None,
            restarts=self._lifecycle.restarts,
        )
