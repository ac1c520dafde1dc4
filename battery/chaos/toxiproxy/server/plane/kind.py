"""A kind of toxic: its name, the original's name for its structure, its attributes, and how its stage is made."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from battery.model.frozen import Frozen

if TYPE_CHECKING:
    from battery.chaos.toxiproxy.server.stages.stage import Stage

    StageMaker = Callable[..., Stage]


def nothing_wrong(attributes: Mapping[str, int]) -> str:  # noqa: ARG001 -- the shape of an objection
    """What most kinds say about their attributes."""
    return ""


class Kind(Frozen, frozen=True, kw_only=True):
    """What is known about a kind; `integer` is the original's word for the attributes' type, and shows in its errors."""

    type: str
    structure: str
    attributes: tuple[str, ...]
    stage: "StageMaker | None"
    integer: str = "int64"
    objection: Callable[[Mapping[str, int]], str] = nothing_wrong
