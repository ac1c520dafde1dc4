"""How an unknown chain is made: the common ways of making one are tried until one explains every record."""

import base64
import binascii
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from battery.readiness.audit_chain.chain_log import ChainUnreadable, Entry
from battery.readiness.audit_chain.description import (
    Algorithm,
    ChainDescription,
    Place,
    Serialisation,
)
from battery.readiness.audit_chain.file_check import chain_troubles, text_at

_HASH_NAMES = (
    "hash",
    "entry_hash",
    "record_hash",
    "this_hash",
    "current_hash",
    "digest",
    "checksum",
    "sha256",
    "hmac",
)
_PREVIOUS_NAMES = (
    *("prev_hash", "previous_hash", "prev", "previous", "parent", "parent_hash", "prevHash", "previousHash"),
    *("last_hash", "prior_hash", "prev_digest", "previous_digest", "hash_prev", "chain"),
)
_SEQUENCE_NAMES = ("seq", "sequence", "index", "n", "number", "id", "entry", "i")
_BY_LENGTH: dict[int, tuple[Algorithm, ...]] = {
    20: ("sha1",),
    32: ("sha256", "sha3_256"),
    48: ("sha384",),
    64: ("sha512", "blake2b"),
}
_SERIALISATIONS: tuple[Serialisation, ...] = (
    "sorted",
    "as-written",
    "sorted-spaced",
    "as-written-spaced",
    "rfc8785",
    "values",
)
_PLACES: tuple[Place, ...] = ("record", "before", "after")
_SEPARATORS = ("", "|", ":", "\n", ",", ".")
_FIRST = 3  # records that a way of making must explain before all are tried


def detect(entries: Sequence[Entry]) -> ChainDescription:
    """The description that explains every record.

    Raises: ChainUnreadable when none of the known ones does; then it has to be told.
    """
    if len(entries) < 2:
        raise ChainUnreadable("one record is no chain: write at least two")
    hash_field, previous_field = _linked_fields(entries)
    base = _shape(entries, hash_field, previous_field)
    for candidate in _candidates(base, entries):
        if not _troubled(entries[:_FIRST], candidate) and not _troubled(entries, candidate):
            return candidate
    raise ChainUnreadable(
        f"{previous_field} repeats the {hash_field} of the line before, but no known way of hashing explains {hash_field}; "
        "a keyed hash needs the target's own verify call, another way a description"
    )


def _linked_fields(entries: Sequence[Entry]) -> tuple[str, str]:
    """The fields that link: one holds what the other held a line before, wherever they are named as expected or not."""
    first, second = entries[0].record, entries[1].record
    pairs = [
        (name, other)
        for name, value in first.items()
        for other, following in second.items()
        if name != other and isinstance(value, str) and value == following and len(value) >= 16
    ]
    # A value that never changes, such as a host's name, links nothing.
    pairs = [(name, other) for name, other in pairs if first[name] != second.get(name)]
    if not pairs:
        raise ChainUnreadable("no field of the second line repeats a hash of the first: this is no chain")
    return min(pairs, key=lambda pair: (pair[0] not in _HASH_NAMES, pair[1] not in _PREVIOUS_NAMES))


def _shape(entries: Sequence[Entry], hash_field: str, previous_field: str) -> ChainDescription:
    """What the hashes themselves tell: prefix, encoding, length, and where the chain starts."""
    told = text_at(entries[0], hash_field)
    prefix = found[0] if (found := re.match(r"[a-z0-9_-]{2,20}[:=]", told)) else ""
    raw, encoding = _decoded(told.removeprefix(prefix))
    if len(raw) not in _BY_LENGTH:
        raise ChainUnreadable(f"{hash_field} has {len(raw)} bytes, which no known hash has", line=1)
    start = entries[0].record.get(previous_field)
    return ChainDescription(
        hash_field=hash_field,
        previous_field=previous_field,
        algorithm=_BY_LENGTH[len(raw)][0],
        encoding=encoding,
        prefix=prefix,
        start=start if isinstance(start, str) else "",
        sequence_field=_sequence_field(entries),
    )


def _decoded(told: str) -> tuple[bytes, Literal["hex", "base64"]]:
    try:
        return bytes.fromhex(told), "hex"
    except ValueError:
        pass
    try:
        return base64.b64decode(told, validate=True), "base64"
    except (binascii.Error, ValueError) as error:
        raise ChainUnreadable("the hash is neither hex nor base64", line=1) from error


def _sequence_field(entries: Sequence[Entry]) -> str:
    for name in _SEQUENCE_NAMES:
        numbers = [entry.record.get(name) for entry in entries]
        if all(
            isinstance(here, int) and isinstance(there, int) and there == here + 1
            for here, there in itertools.pairwise(numbers)
        ):
            return name
    return ""


def _candidates(base: ChainDescription, entries: Sequence[Entry]) -> Iterator[ChainDescription]:
    length = len(_decoded(text_at(entries[0], base.hash_field).removeprefix(base.prefix))[0])
    for algorithm, serialisation, place, plain in itertools.product(
        _BY_LENGTH[length], _SERIALISATIONS, _PLACES, (True, False)
    ):
        separators = _SEPARATORS if place != "record" or serialisation == "values" else ("",)
        for separator in separators:
            yield msgspec.structs.replace(
                base,
                algorithm=algorithm,
                serialisation=serialisation,
                previous=place,
                ascii=plain,
                separator=separator,
            )


def _troubled(entries: Sequence[Entry], candidate: ChainDescription) -> bool:
    try:
        return bool(chain_troubles(entries, candidate))
    except (ValueError, TypeError):  # a number that RFC 8785 cannot spell
        return True
