"""How long to wait before the next restart."""

FIRST_SECONDS, FACTOR, LONGEST_SECONDS = 0.1, 2.0, 5.0
# A worker that served this long was well: its end is the first of a new row.
WELL_SECONDS = 5.0


class Backoff:
    """The first restart comes at once; each that follows a short life waits twice as long, up to a bound."""

    def __init__(self) -> None:
        self._row = 0

    def after(self, served_seconds: float) -> float:
        """The wait after a worker that served so long."""
        if served_seconds >= WELL_SECONDS:
            self._row = 0
        self._row += 1
        if self._row == 1:
            return 0.0
        # Bounded before it is raised: a worker that never comes up would overflow it in time.
        return min(LONGEST_SECONDS, FIRST_SECONDS * FACTOR ** min(self._row - 2, 16))
