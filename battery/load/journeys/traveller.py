"""The traveller: one user on its journeys, with what is still open about its requests."""

from typing import Any

from battery.load.journeys.attempt import Attempt, Outcome


class Traveller:
    """A user. `due` is when its journey was to begin, until its first request begins; 0 where nothing is due.

    `kind` is the number of its class; `foreign` says that it speaks a protocol whose requests are only seen when
    they have ended. `held` is its last request that went well: it is not entered before the journey has gone on, for
    an exception in the code that reads an answer means that the answer was not as expected. `stumbled` says that its
    last request failed.
    """

    __slots__ = (
        "due",
        "foreign",
        "greenlet",
        "held",
        "kind",
        "leaving",
        "stage",
        "started",
        "stumbled",
        "unjudged",
        "user",
    )

    def __init__(self, user: Any = None, kind: int = 0, *, foreign: bool = False) -> None:
        self.user: Any = user
        self.greenlet: Any = None
        self.kind, self.foreign = kind, foreign
        self.started = self.leaving = self.stumbled = False
        self.due = self.stage = 0
        self.held: Outcome | None = None
        self.unjudged: dict[Attempt, object] = {}

    def depart(self, due: int, stage: int) -> None:
        """Begin a journey that was due then."""
        self.due, self.stage = due, stage
