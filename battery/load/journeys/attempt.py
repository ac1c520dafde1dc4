"""The attempt: one request on its way, and the outcome it comes to."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from battery.load.journeys.traveller import Traveller


class Attempt:
    """A request from its start on. `name` tells what to call it should it never come to an end of its own."""

    __slots__ = ("begun", "due", "judged", "name", "stage", "traveller")

    def __init__(
        self, traveller: "Traveller | None", stage: int, due: int, begun: int, name: Callable[[], str]
    ) -> None:
        self.traveller = traveller
        self.stage, self.due, self.begun, self.name = stage, due, begun, name
        self.judged = False


class Outcome(NamedTuple):
    """How a request went: its error kind, empty when it went well, and its latencies in ns."""

    stage: int
    name: str
    kind: str
    response: int
    service: int
    shortage: str = ""
