"""The guardian: what an administrator does when the service is under attack."""

import time
from collections.abc import Callable
from typing import Literal

import msgspec

Kind = Literal["source", "identity"]
MOST_ISOLATED = 1000


class TooMany(Exception):
    """No more can be isolated."""


class Isolated(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who is kept out, and for how many seconds more; null is until released."""

    kind: Kind
    name: str
    seconds_left: float | None = None


class Guardian:
    """Lockdown refuses every change; isolation refuses everything of one source or one identity."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.lockdown = False
        self._clock = clock
        self._isolated: dict[tuple[Kind, str], float | None] = {}

    @property
    def mode(self) -> Literal["normal", "lockdown"]:
        """The state in one word."""
        return "lockdown" if self.lockdown else "normal"

    def lock(self) -> None:
        """Refuse changes from here on."""
        self.lockdown = True

    def unlock(self) -> None:
        """Allow them again."""
        self.lockdown = False

    def isolate(self, kind: Kind, name: str, seconds: float | None) -> None:
        """Keep one out, for some seconds or until it is released.

        Raises: TooMany.
        """
        if len(self.isolated()) >= MOST_ISOLATED and (kind, name) not in self._isolated:
            raise TooMany(f"{MOST_ISOLATED} are isolated already: release some first")
        self._isolated[kind, name] = None if seconds is None else self._clock() + seconds

    def release(self, kind: Kind, name: str) -> bool:
        """Let one in again; whether it was kept out."""
        kept_out = self.keeps_out(kind, name)
        self._isolated.pop((kind, name), None)
        return kept_out

    def release_all(self) -> int:
        """Let everybody in again; how many there were."""
        count = len(self.isolated())
        self._isolated.clear()
        return count

    def keeps_out(self, kind: Kind, name: str) -> bool:
        """Whether this one is isolated."""
        # Almost always nobody is: this stands on the way of every request.
        if not self._isolated or (kind, name) not in self._isolated:
            return False
        until = self._isolated[kind, name]
        if until is None or until > self._clock():
            return True
        del self._isolated[kind, name]
        return False

    def isolated(self) -> list[Isolated]:
        """Everybody who is kept out at this moment."""
        now = self._clock()
        self._isolated = {key: until for key, until in self._isolated.items() if until is None or until > now}
        return [
            Isolated(kind, name, None if until is None else round(until - now, 1))
            for (kind, name), until in self._isolated.items()
        ]
