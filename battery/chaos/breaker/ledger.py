"""The ledger: what the tap writes down while it relays; read from another thread as a journal."""

import threading
from time import monotonic

from battery.chaos.breaker.visit import Closer, Journal, Turn, Visit

MOST = 200_000


class OpenTurn:
    """A turn that is under way."""

    def __init__(self, at: float) -> None:
        self.at, self.sent, self.received = at, 0, 0
        self.answered: float | None = None


class OpenVisit:
    """A connection as it goes on; one relay writes to it."""

    def __init__(self, ledger: "Ledger", number: int) -> None:
        self._ledger = ledger
        self._number, self._opened = number, monotonic()
        self._turns: list[OpenTurn] = []
        self._client_spoke_last = False
        self._refused = ""
        self._closed: float | None = None
        self._closed_by: Closer = ""
        self._reset = False

    def client_said(self, size: int) -> None:
        """Bytes from the client; a turn begins when it was not the last to speak."""
        if not self._client_spoke_last and self._ledger.take_room():
            self._turns.append(OpenTurn(monotonic()))
        self._client_spoke_last = True
        if self._turns:
            self._turns[-1].sent += size

    def dependency_said(self, size: int) -> None:
        """Bytes from the dependency; before the first turn they are a greeting."""
        self._client_spoke_last = False
        if self._turns:
            turn = self._turns[-1]
            turn.received += size
            turn.answered = monotonic() if turn.answered is None else turn.answered

    def client_ended(self, torn: bool) -> None:
        """The client ended its side."""
        self.closed("client", reset=torn)

    def dependency_ended(self, torn: bool) -> None:
        """The dependency ended its side."""
        self.closed("dependency", reset=torn)

    def refused(self, why: str) -> None:
        """The dependency could not be reached."""
        self._refused = why
        self.closed("dependency", reset=True)

    def closed(self, by: Closer, *, reset: bool = False) -> None:
        """One side ended it; what comes after the first end changes nothing."""
        if self._closed is None:
            self._closed, self._closed_by, self._reset = monotonic(), by, reset

    def seen(self) -> Visit:
        """As it stands."""
        return Visit(
            number=self._number,
            opened=self._opened,
            refused=self._refused,
            turns=tuple(
                Turn(at=turn.at, sent=turn.sent, answered=turn.answered, received=turn.received)
                for turn in tuple(self._turns)
            ),
            closed=self._closed,
            closed_by=self._closed_by,
            reset=self._reset,
        )


class Ledger:
    """Keeps a bounded number of visits and turns, and counts the rest."""

    def __init__(self, most: int = MOST) -> None:
        self._lock = threading.Lock()
        self._visits: list[OpenVisit] = []
        self._room, self._dropped = most, 0

    def open(self) -> OpenVisit:
        """A connection came."""
        visit = OpenVisit(self, len(self._visits))
        if self.take_room():
            with self._lock:
                self._visits.append(visit)
        return visit

    def take_room(self) -> bool:
        """Take the room of one entry; false when there is none."""
        with self._lock:
            if self._room <= 0:
                self._dropped += 1
                return False
            self._room -= 1
            return True

    def journal(self) -> Journal:
        """All so far."""
        with self._lock:
            visits, dropped = tuple(self._visits), self._dropped
        return Journal(visits=tuple(visit.seen() for visit in visits), dropped=dropped)
