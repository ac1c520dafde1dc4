"""A clock whose hands the test turns."""

from datetime import UTC, datetime, timedelta


class TurnedClock:
    """It is noon until it is turned; one that is `broken` raises."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)
        self.broken = False

    def __call__(self) -> datetime:
        """The time."""
        if self.broken:
            raise RuntimeError("the clock is broken")
        return self.now

    def turn(self, seconds: float) -> None:
        """Let so much time pass."""
        self.now += timedelta(seconds=seconds)
