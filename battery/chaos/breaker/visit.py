"""The visit: one connection to a dependency, as the tap saw it."""

from typing import Literal

from battery.model.frozen import Frozen

Closer = Literal["client", "dependency", "tap", ""]


class Turn(Frozen, frozen=True, kw_only=True):
    """The client spoke after the other side's turn: one request, or something like one. Times are monotonic seconds."""

    at: float
    sent: int
    answered: float | None = None
    received: int = 0


class Visit(Frozen, frozen=True, kw_only=True):
    """One connection. `refused` says why the dependency could not be reached; the client was then reset.

    `closed_by` is whoever ended it first, empty while it is open.
    """

    number: int
    opened: float
    refused: str = ""
    turns: tuple[Turn, ...] = ()
    closed: float | None = None
    closed_by: Closer = ""
    reset: bool = False


class Journal(Frozen, frozen=True, kw_only=True):
    """All visits in the order of their opening; `dropped` counts turns and visits beyond what the tap keeps."""

    visits: tuple[Visit, ...]
    dropped: int = 0
