"""The port to whatever drives a burst of load: started when called, counted, ended."""

from collections.abc import Callable
from typing import Protocol

from battery.chaos.undo.steps import UndoStep
from battery.model.frozen import Frozen


class BurstOrder(Frozen, frozen=True, kw_only=True):
    """A closed loop: each of `connections` sends its next request when its last one is answered."""

    url: str
    connections: int
    seconds: float
    requests: int
    headers: dict[str, str] = {}


class BurstCounts(Frozen, frozen=True, kw_only=True):
    """What became of the burst so far; `by_class` counts answers by the first digit of their status."""

    open: int = 0
    sent: int = 0
    answered: int = 0
    failed: int = 0
    by_class: dict[str, int] = {}
    finished: bool = False

    def __str__(self) -> str:
        """The counts in words."""
        classes = ", ".join(f"{name} {count:,}" for name, count in self.by_class.items() if count)
        answered = f"{self.answered:,} answered ({classes})" if classes else f"{self.answered:,} answered"
        return f"{self.sent:,} requests sent, {answered}, {self.failed:,} failed"


class Burst(Protocol):
    """A burst that can be promised before it begins."""

    @property
    def undo(self) -> tuple[UndoStep, ...]:
        """What ends it, known before it begins."""
        ...

    def begin(self) -> None:
        """Start sending.

        Raises: FaultFailed when it cannot.
        """
        ...

    def counts(self) -> BurstCounts | None:
        """What became of it so far; none before the first word."""
        ...

    def end(self) -> None:
        """Stop sending; harmless when it has ended."""
        ...


Driver = Callable[[BurstOrder], Burst]
