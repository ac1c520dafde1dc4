"""The audit: reads what the writer wrote, and makes sure that a missing record is not merely on a page nobody asked for."""

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from battery.chaos.durability.accounting import Account, account
from battery.chaos.durability.reading import Reading
from battery.chaos.durability.written import Written


class Reads(Protocol):
    """Reads the whole list."""

    @property
    def is_paged(self) -> bool:
        """Whether the list itself tells its end."""
        ...

    def read(self) -> Reading:
        """All that is listed."""
        ...


def audit(
    written: Sequence[Written], reader: Reads, write_more: Callable[[], Sequence[Written]]
) -> tuple[Account, tuple[Reading, ...]]:
    """The account, and the readings that it was taken from.

    Where records are missing from a list that does not tell its end, a few more are written and the list is read again:
    one that does not grow is cut at some length, and what is missing is unknown. `write_more` writes them, with new ids.
    """
    first = reader.read()
    found = account(written, first)
    if not found.lost or reader.is_paged:
        return found, (first,)
    more = write_more()
    second = reader.read()
    return account(written, _believable(first, second, more)), (first, second)


def _believable(first: Reading, second: Reading, more: Sequence[Written]) -> Reading:
    """The first reading, with the problem that the second showed it to have."""
    if second.problem:
        return msgspec.structs.replace(first, problem=second.problem)
    added = sum(record.outcome == "acknowledged" for record in more)
    if not added:
        problem = "records are missing, and no further one could be written to see whether the list is cut"
    elif second.items <= first.items:
        problem = (
            f"the list held {first.items} items, and {second.items} after {added} more were acknowledged: "
            "it is cut at some length (declare [durability] read next, or a path that lists all), or what was acknowledged "
            "comes later, if at all"
        )
    else:
        return first
    return msgspec.structs.replace(first, problem=problem)
