"""A capability: complete, partial or missing, with the reasons. What nobody observed is never complete."""

from collections.abc import Sequence
from enum import StrEnum

from battery.model.frozen import Frozen

Known = bool | None
"""What was observed: it held, it did not, or nobody could tell."""


class Status(StrEnum):
    """How much of a capability was seen to work."""

    COMPLETE = "COMPLETE"
    PARTIAL = "PARTIAL"
    MISSING = "MISSING"


class Aspect(Frozen, frozen=True, kw_only=True):
    """One thing that a capability consists of, and what was observed of it."""

    what: str
    held: Known
    note: str = ""

    def __str__(self) -> str:
        word = {True: "held", False: "did not hold", None: "unknown"}[self.held]
        return f"{self.what}: {word}" + (f" ({self.note})" if self.note else "")


class Capability(Frozen, frozen=True, kw_only=True):
    """One row of the matrix; `reasons` are the aspects that keep it from being complete."""

    id: str
    title: str
    status: Status
    reasons: tuple[str, ...]
    aspects: tuple[Aspect, ...]


def judged(identifier: str, title: str, aspects: Sequence[Aspect]) -> Capability:
    """Complete when every aspect held, partial when some did, else missing; no aspects are no capability."""
    held = sum(aspect.held is True for aspect in aspects)
    status = Status.COMPLETE if aspects and held == len(aspects) else Status.PARTIAL
    reasons = tuple(str(aspect) for aspect in aspects if aspect.held is not True)
    return Capability(
        id=identifier,
        title=title,
        status=status if held else Status.MISSING,
        reasons=reasons or (() if aspects else ("nothing was observed",)),
        aspects=tuple(aspects),
    )


def missing(identifier: str, title: str, reason: str) -> Capability:
    """One that nobody offered to look at."""
    return Capability(id=identifier, title=title, status=Status.MISSING, reasons=(reason,), aspects=())


def at_least(value: float | None, least: float) -> Known:
    """Whether a number reaches another; unknown stays unknown."""
    return None if value is None else value >= least
