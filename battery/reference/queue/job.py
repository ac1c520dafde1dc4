"""The job: what a client wants done later, and what the queue keeps of it."""

from typing import Annotated, Literal

import msgspec

JobState = Literal["waiting", "running", "done"]


class JobDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A job as a client sends it: so many pieces of an item are to be booked into stock."""

    item: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    pieces: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1


class Job(msgspec.Struct, frozen=True):
    """A job as the queue keeps it; `stock` is what there was of the item once it was booked."""

    id: int
    item: str
    pieces: int
    state: JobState
    attempts: int
    accepted_at: float
    finished_at: float | None
    stock: int | None


class Backlog(msgspec.Struct, frozen=True):
    """What is accepted and not yet done: how many, how many of those are being done, and since when the oldest waits."""

    depth: int = 0
    running: int = 0
    oldest: float | None = None


class Acceptance(msgspec.Struct, frozen=True):
    """A job that is on the disk, whether an earlier request put it there, and the backlog with it."""

    job: Job
    replayed: bool
    backlog: Backlog


class Totals(msgspec.Struct, frozen=True):
    """Over the whole life of the data: jobs done, and bookings and pieces that stand in stock for them."""

    done: int
    booked: int
    pieces: int
