"""The battery's own check of a chain: every hash recomputed, every link followed, the end compared with an anchor."""

from collections.abc import Iterator, Sequence

from battery.model.frozen import Frozen
from battery.readiness.audit_chain.chain_log import Entry
from battery.readiness.audit_chain.description import ChainDescription
from battery.readiness.audit_chain.hashing import hash_of
from battery.readiness.coverage.report import shown


class Anchor(Frozen, frozen=True, kw_only=True):
    """What is known of a chain's end from elsewhere: how many records it has, and its last hash.

    Without one, no check of the file alone can tell that records were cut off its end or that all of it was written
    anew: the hashes of what is left fit each other.
    """

    records: int
    head: str


def chain_troubles(
    entries: Sequence[Entry], description: ChainDescription, anchor: Anchor | None = None
) -> tuple[str, ...]:
    """What is wrong with a chain; none when it holds."""
    return (*_links(entries, description), *_end(entries, description, anchor))


def anchor_of(entries: Sequence[Entry], description: ChainDescription) -> Anchor:
    """The anchor of a chain as it stands."""
    return Anchor(records=len(entries), head=text_at(entries[-1], description.hash_field))


def text_at(entry: Entry, field: str) -> str:
    """A field's text; empty where it is absent, null or no text."""
    value = entry.record.get(field)
    return value if isinstance(value, str) else ""


def _links(entries: Sequence[Entry], description: ChainDescription) -> Iterator[str]:
    previous: str | None = description.start
    for number, entry in enumerate(entries, 1):
        told, before = text_at(entry, description.hash_field), text_at(entry, description.previous_field)
        if not told:
            yield f"line {number}: it has no {description.hash_field}"
        elif told != hash_of(entry.record, before, description):
            yield f"line {number}: {description.hash_field} does not fit the record"
        if previous is not None and before != previous:
            yield f"line {number}: {description.previous_field} is not the hash before it"
        if number > 1 and description.sequence_field:
            yield from _sequence(entries[number - 2], entry, number, description.sequence_field)
        previous = told


def _sequence(before: Entry, entry: Entry, number: int, field: str) -> Iterator[str]:
    earlier, here = before.record.get(field), entry.record.get(field)
    if not (isinstance(earlier, int) and isinstance(here, int) and here == earlier + 1):
        yield f"line {number}: {field} is {shown(str(here))} after {shown(str(earlier))}"


def _end(entries: Sequence[Entry], description: ChainDescription, anchor: Anchor | None) -> Iterator[str]:
    if anchor is None:
        return
    if len(entries) < anchor.records:
        yield f"{len(entries)} records, expected at least {anchor.records}: the end is cut off"
    elif text_at(entries[anchor.records - 1], description.hash_field) != anchor.head:
        yield f"line {anchor.records}: the hash is not the one that was anchored: the chain was written anew"
