"""The order: which records of a list stand where they could not, by the times of their writing. Pure."""

from collections.abc import Mapping, Sequence

from battery.chaos.durability.written import Written

# A list with more than this out of place, in either direction, was never sorted by time.
_MOST_MISPLACED = 0.25
_LEAST = 4


def reordered(listed: Sequence[int], written: Mapping[int, Written]) -> tuple[int, ...] | None:
    """Records that stand behind one that was begun only after they were acknowledged; newest first is an order too.

    Writes that were under way at the same time may stand in any order. None: the list has no order by time.
    """
    known = [
        written[number]
        for number in listed
        if number in written and written[number].outcome == "acknowledged"
    ]
    least = min((_misplaced(each) for each in (known, known[::-1])), key=len)
    if len(known) >= _LEAST and len(least) > _MOST_MISPLACED * len(known):
        return None
    return tuple(sorted(set(least)))


def _misplaced(records: Sequence[Written]) -> list[int]:
    """The smaller set of two that explain it: those that stand too late, or those that stand too early."""
    late, early = [], []
    newest = float("-inf")
    for record in records:
        if record.done < newest:
            late.append(record.number)
        newest = max(newest, record.sent)
    oldest = float("inf")
    for record in reversed(records):
        if record.sent > oldest:
            early.append(record.number)
        oldest = min(oldest, record.done)
    return min(late, early, key=len)
