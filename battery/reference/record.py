"""The record: what a client wants to find again, and what the service keeps of it."""

from typing import Annotated

import msgspec

Key = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]


class RecordDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record as a client sends it: `id` is its idempotency key within `run`."""

    id: Key
    run: Key


class Record(msgspec.Struct, frozen=True):
    """A record as the service keeps it; one that was acknowledged later has a larger `sequence`."""

    sequence: int
    id: str
    run: str


class Keeping(msgspec.Struct, frozen=True):
    """A record that stands in the store, and whether an earlier request put it there."""

    record: Record
    replayed: bool


class RecordRun(msgspec.Struct, frozen=True):
    """All records of a run, in the order in which they were acknowledged."""

    run: str
    records: list[Record]
