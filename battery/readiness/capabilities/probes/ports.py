"""What a probe needs done to the target's process and machine: implemented by whoever may touch them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from battery.model.frozen import Frozen


class Killed(Frozen, frozen=True, kw_only=True):
    """Whether the process that was killed was seen gone, and by which meter."""

    gone: bool
    detail: str


class Victim(Protocol):
    """The target's process, which its own supervisor brings back."""

    def obstacle(self) -> str:
        """Why it may not or cannot be killed, and how to allow it; empty when it can."""
        ...

    def kill(self) -> Killed:
        """Kill it and see it gone."""
        ...


class Pressed(Frozen, frozen=True, kw_only=True):
    """Whether the pressure's own meter saw it, and what it read."""

    seen: bool
    detail: str


class Pressure(Protocol):
    """Something that makes the target's resources short for a while."""

    def obstacle(self) -> str:
        """Why it is not available and how to allow it; empty when it is."""
        ...

    def pressed(self) -> AbstractContextManager[Callable[[], Pressed]]:
        """Presses inside the block; what it gives tells whether the pressure was real."""
        ...
