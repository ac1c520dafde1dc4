"""What was written: one record's way through the target, as its writer saw it."""

from typing import Literal

from battery.model.frozen import Frozen

# refused: answered, and not with an acknowledgement. unclear: no whole answer came; the record may be there or not.
Outcome = Literal["acknowledged", "refused", "unclear"]


class Written(Frozen, frozen=True, kw_only=True):
    """One record. Times in seconds from the writer's beginning; `due` is when it was to be sent, `done` when it ended."""

    number: int
    due: float
    sent: float
    done: float
    outcome: Outcome
    status: int = 0
    error: str = ""
    attempts: int = 1
