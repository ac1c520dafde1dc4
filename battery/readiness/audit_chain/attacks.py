"""What somebody who can write to the log would do: five attacks, each on a copy."""

from collections.abc import Callable, Sequence
from typing import Any

from battery.model.frozen import Frozen
from battery.readiness.audit_chain.chain_log import ChainUnreadable, Entry, with_record
from battery.readiness.audit_chain.description import ChainDescription
from battery.readiness.audit_chain.file_check import text_at
from battery.readiness.audit_chain.hashing import hash_of

FEWEST = 4  # records: the middle of fewer has no neighbours on both sides


class Attack(Frozen, frozen=True, kw_only=True):
    """Its name, what it does in a sentence, and the log that it leaves."""

    name: str
    what: str
    entries: tuple[Entry, ...]


def attacks(entries: Sequence[Entry], description: ChainDescription) -> tuple[Attack, ...]:
    """The five, in the middle of the log: its first and last record are the easiest to guard.

    Raises: ChainUnreadable when there are too few records.
    """
    if len(entries) < FEWEST:
        raise ChainUnreadable(f"{len(entries)} records, at least {FEWEST} are needed for the attacks")
    return tuple(attack(tuple(entries), description) for attack in _ATTACKS)


def _edit(entries: tuple[Entry, ...], description: ChainDescription) -> Attack:
    place = len(entries) // 2
    changed, field = _edited(entries[place], description)
    return Attack(
        name="edit",
        what=f"line {place + 1}: {field} says something else",
        entries=(*entries[:place], changed, *entries[place + 1 :]),
    )


def _delete(entries: tuple[Entry, ...], _: ChainDescription) -> Attack:
    place = len(entries) // 2
    return Attack(
        name="delete", what=f"line {place + 1} is gone", entries=(*entries[:place], *entries[place + 1 :])
    )


def _reorder(entries: tuple[Entry, ...], _: ChainDescription) -> Attack:
    place = len(entries) // 2
    swapped = (*entries[: place - 1], entries[place], entries[place - 1], *entries[place + 1 :])
    return Attack(name="reorder", what=f"lines {place} and {place + 1} have changed places", entries=swapped)


def _truncate(entries: tuple[Entry, ...], _: ChainDescription) -> Attack:
    return Attack(name="truncate", what="the last line is gone", entries=entries[:-1])


def _rechain(entries: tuple[Entry, ...], description: ChainDescription) -> Attack:
    """The strongest: a record is edited and every hash from there on computed anew, as anybody can without a key."""
    place = len(entries) // 2
    changed, field = _edited(entries[place], description)
    forged = list(entries[:place])
    for entry in (changed, *entries[place + 1 :]):
        previous = text_at(forged[-1], description.hash_field)
        record = {**entry.record, description.previous_field: previous}
        record[description.hash_field] = hash_of(record, previous, description)
        forged.append(with_record(record, entry.raw))
    what = f"line {place + 1}: {field} says something else, and every hash from there on is computed anew"
    return Attack(name="re-chain", what=what, entries=tuple(forged))


_ATTACKS: tuple[Callable[[tuple[Entry, ...], ChainDescription], Attack], ...] = (
    _edit,
    _delete,
    _reorder,
    _truncate,
    _rechain,
)


def _edited(entry: Entry, description: ChainDescription) -> tuple[Entry, str]:
    """The record with one value changed that means something: not a hash, not its number."""
    links = {description.hash_field, description.previous_field, description.sequence_field}
    hashed = description.fields or tuple(entry.record)
    chosen = [name for name in hashed if name in entry.record and name not in {*links, *description.excluded}]
    if not chosen:
        raise ChainUnreadable("its records hold nothing but hashes")
    field = next((name for name in chosen if isinstance(entry.record[name], str)), chosen[0])
    record = {**entry.record, field: _other(entry.record[field])}
    return with_record(record, entry.raw), field


def _other(value: Any) -> Any:
    """Another value of the same kind, as a forger would choose it."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if isinstance(value, str):
        return f"{value[:-1]}{'a' if value[-1:] != 'a' else 'b'}"
    return {"forged": value} if isinstance(value, dict) else ["forged"]
