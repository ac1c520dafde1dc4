"""Watching one alert: when it went pending, fired and resolved, on the clock that the caller hands in."""

from collections.abc import Callable

from battery.model.frozen import Frozen
from battery.readiness.observability.alert_proof.api import AlertReading, AlertState

Look = Callable[[], AlertReading | None]


class Transition(Frozen, frozen=True, kw_only=True):
    """A state that the alert was seen in first at this second of the watch."""

    state: AlertState
    at: float


class Watch:
    """Looks at the alert until it is in a state, or the time is over; remembers every change."""

    def __init__(
        self, look: Look, clock: Callable[[], float], sleep: Callable[[float], None], every: float
    ) -> None:
        self._look, self._clock, self._sleep, self._every = look, clock, sleep, every
        self._began = clock()
        self.transitions: list[Transition] = []
        self.trouble = ""

    def now(self) -> float:
        """Seconds since the watch began."""
        return self._clock() - self._began

    def until(self, wanted: Callable[[AlertReading], bool], seconds: float) -> float | None:
        """The second at which the reading was as wanted; none when the time was over first."""
        end = self.now() + seconds
        while True:
            reading = self._look()
            at = self.now()
            if reading is None:
                self.trouble = "no rule of that name is loaded"
                return None
            self._note(reading, at)
            if wanted(reading):
                return at
            if at >= end:
                return None
            self._sleep(min(self._every, max(end - at, 0.0)))

    def _note(self, reading: AlertReading, at: float) -> None:
        self.trouble = reading.trouble
        if not self.transitions or self.transitions[-1].state is not reading.state:
            self.transitions.append(Transition(state=reading.state, at=at))
