"""The circuit breaker: closed, open after failures in a row, half-open with few probes, closed again.

It does no I/O and reads no clock of its own: time comes in as a callable, calls are told to it.
"""

import time
from collections.abc import Callable
from typing import Literal

from battery.reference.dependency.failure import BreakerOpen

State = Literal["closed", "open", "half_open"]
STATES: tuple[State, ...] = ("closed", "open", "half_open")

THRESHOLD, COOL_SECONDS, PROBES, SUCCESSES = 5, 1.0, 1, 2


class Breaker:
    """Counts failures in a row and refuses calls while the dependency is believed to be down."""

    def __init__(
        self,
        *,
        threshold: int = THRESHOLD,
        cool_seconds: float = COOL_SECONDS,
        probes: int = PROBES,
        successes: int = SUCCESSES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.state: State = "closed"
        self.opened = self.refused = 0
        self._threshold, self._cool_seconds = threshold, cool_seconds
        self._probes, self._successes, self._clock = probes, successes, clock
        self._row = self._under_way = self._period = 0
        self._opened_at = 0.0

    def admit(self) -> int:
        """A ticket for one call, to be given back with its result.

        Raises: BreakerOpen when the call must not be made.
        """
        if self.state == "open" and self._has_cooled():
            self._enter("half_open")
        if self.state == "open":
            self.refused += 1
            raise BreakerOpen("the circuit breaker is open", self.seconds_left())
        if self.state == "half_open":
            if self._under_way >= self._probes:
                self.refused += 1
                raise BreakerOpen("the circuit breaker is half-open and its probe is under way")
            self._under_way += 1
        return self._period

    def succeeded(self, ticket: int) -> None:
        """The call was answered."""
        if ticket != self._period:
            return
        if self.state == "closed":
            self._row = 0
            return
        self._under_way -= 1
        self._row += 1
        if self._row >= self._successes:
            self._enter("closed")

    def failed(self, ticket: int) -> None:
        """The call was not answered."""
        if ticket != self._period:
            return
        self._row += 1
        if self.state == "half_open" or self._row >= self._threshold:
            self._enter("open")

    def abandoned(self, ticket: int) -> None:
        """The call was given up before it said anything about the dependency."""
        if ticket == self._period and self.state == "half_open":
            self._under_way -= 1

    def seconds_left(self) -> float:
        """How long it stays open."""
        return max(0.0, self._opened_at + self._cool_seconds - self._clock())

    def _has_cooled(self) -> bool:
        return self.seconds_left() <= 0

    def _enter(self, state: State) -> None:
        # A new period: what was asked before the change says nothing about the time after it.
        self._period += 1
        self.state, self._row, self._under_way = state, 0, 0
        if state == "open":
            self.opened += 1
            self._opened_at = self._clock()
