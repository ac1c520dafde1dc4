"""What verification returns: each numbered step with its reason, and one outcome."""

from enum import IntEnum

from battery.certificate.one_line import one_line
from battery.model.certificate import Statement
from battery.model.frozen import Frozen


class Outcome(IntEnum):
    """The answer, by its exit code."""

    ACCEPTED = 0
    NOT_CERTIFIED = 1
    UNDECIDED = 2
    EXPIRED = 3
    NOT_TRUSTED = 4
    MALFORMED = 5


class Step(Frozen, frozen=True, kw_only=True):
    """One numbered step: ok is None where nobody asked for it."""

    number: int
    name: str
    ok: bool | None
    reason: str


class Verification(Frozen, frozen=True, kw_only=True):
    """All steps up to the first that refused; the statement only where its signature held."""

    outcome: Outcome
    reason: str
    steps: tuple[Step, ...]
    statement: Statement | None
    certificate: str


class Refusal(Exception):
    """A step refuses; carries the outcome and the reason."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        self.outcome, self.reason = outcome, one_line(reason)
        super().__init__(self.reason)


class NotAsked(Exception):
    """A step has nothing to do; carries why."""
