"""Random damage to bytes and to JSON, the same for the same seed."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

Mutator = Callable[[bytes, Random], bytes]
_JUNK = b"{}[]\",:\\0123456789-+.eEtrufalsn=/ \n\x00\xff#'_"


def flip(data: bytes, random: Random) -> bytes:
    """One to four bits flipped."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 4)):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def replace(data: bytes, random: Random) -> bytes:
    """One byte replaced by one that means something."""
    place = random.randrange(len(data))
    return data[:place] + bytes([random.choice(_JUNK)]) + data[place + 1 :]


def insert(data: bytes, random: Random) -> bytes:
    """A few bytes inserted."""
    place = random.randint(0, len(data))
    return data[:place] + bytes(random.choices(_JUNK, k=random.randint(1, 8))) + data[place:]


def delete(data: bytes, random: Random) -> bytes:
    """A few bytes deleted."""
    place = random.randrange(len(data))
    return data[:place] + data[place + random.randint(1, 16) :]


def truncate(data: bytes, random: Random) -> bytes:
    """Cut off anywhere."""
    return data[: random.randrange(len(data))]


def splice(data: bytes, random: Random) -> bytes:
    """A piece copied over another place."""
    length = random.randint(1, 64)
    source, target = random.randrange(len(data)), random.randrange(len(data))
    return data[:target] + data[source : source + length] + data[target + random.choice((0, length)) :]


BYTE_MUTATORS: Sequence[Mutator] = (flip, replace, insert, delete, truncate, splice)


def mutate(data: bytes, random: Random) -> bytes:
    """Damaged for certain: never the bytes that were given."""
    while True:
        changed = random.choice(BYTE_MUTATORS)(data or b"\0", random)
        if changed != data:
            return changed


def number(data: bytes, random: Random) -> bytes:
    """One number in a text replaced by another: damage that a parser does not notice."""
    import re

    found = list(re.finditer(rb"\d+(?:\.\d+)?", data))
    if not found:
        return mutate(data, random)
    match = random.choice(found)
    new = random.choice((b"0", b"1", b"-1", b"99", b"100000", b"1e9", b"nan", b"inf", b"0.001", b"2099"))
    return data[: match.start()] + new + data[match.end() :]


def line(data: bytes, random: Random) -> bytes:
    """A line dropped, doubled, or swapped with another."""
    lines = data.splitlines(keepends=True)
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    kind = random.randrange(3)
    if kind == 0:
        del lines[one]
    elif kind == 1:
        lines.insert(other, lines[one])
    else:
        lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def mutate_text(data: bytes, random: Random) -> bytes:
    """Damaged for certain, half of the time in a way that still parses."""
    while True:
        changed = random.choice((mutate, number, number, line, line))(data, random)
        if changed != data:
            return changed


def mutate_json(data: bytes, random: Random, donor: bytes) -> bytes:
    """One place in the JSON changed: dropped, added, or taken from elsewhere or from a donor."""
    value = json.loads(data)
    path = random.choice(list(_places(value)))
    foreign = _at(json.loads(donor), path)
    junk: list[Any] = [None, True, 0, -1, 10**30, 1.5, "", "x", "\ud800", "AA==", [], {}, [[]], {"a": 1}]
    parent, key = _at(value, path[:-1]), path[-1]
    kind = random.randrange(4)
    if kind == 0:
        del parent[key]
    elif kind == 1:
        parent[key] = random.choice(junk)
    elif kind == 2:
        parent[key] = foreign if foreign is not None else random.choice(junk)
    elif isinstance(parent, dict):
        parent[random.choice((f"{key}2", str(key).upper(), "x"))] = random.choice([parent[key], *junk])
    else:
        parent.append(parent[key])
    return json.dumps(value, ensure_ascii=True).encode()


def _places(value: Any, path: tuple[Any, ...] = ()) -> Any:
    if path:
        yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _places(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _places(item, (*path, index))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
