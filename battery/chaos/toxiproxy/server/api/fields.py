"""Fields of a request's object: found whatever their letters' case, checked, and refused in the original's words."""

import struct
from collections.abc import Callable, Mapping
from typing import Any

from battery.chaos.toxiproxy.server.api.document import Number, Pairs, Value, whole
from battery.chaos.toxiproxy.server.api.refusal import Refusal, bad_body

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


class Wrong(Exception):
    """A value is of another type; carries how the original calls the one that was given."""


class Reader:
    """Reads a value of one type; `name` is what the original calls the type, `place` the field's home if it has its own."""

    def __init__(self, name: str, convert: Callable[[Value], Any], place: str | None = None) -> None:
        self.name, self.convert, self.place = name, convert, place


def _text(value: Value) -> str:
    if isinstance(value, Number) or not isinstance(value, str):
        raise Wrong(kind_of(value))
    return whole(value)


def _truth(value: Value) -> bool:
    if not isinstance(value, bool):
        raise Wrong(kind_of(value))
    return value


def _integer(value: Value) -> int:
    if not isinstance(value, Number):
        raise Wrong(kind_of(value))
    digits = value.removeprefix("-")
    if not digits.isdecimal() or len(digits) > 19 or not _SMALLEST <= int(value) <= _LARGEST:
        raise Wrong(f"number {value}")
    return int(value)


def _share(value: Value) -> float:
    if not isinstance(value, Number):
        raise Wrong(kind_of(value))
    try:
        (single,) = struct.unpack("f", struct.pack("f", float(value)))
    except OverflowError:
        raise Wrong(f"number {value}") from None
    if abs(single) == float("inf"):
        raise Wrong(f"number {value}")
    return shortest(single)


def _object(value: Value) -> Pairs:
    if not isinstance(value, Pairs):
        raise Wrong(kind_of(value))
    return value


def shortest(single: float) -> float:
    """The shortest decimal that is this number in single precision: 0.3, not 0.30000001192092896."""
    for digits in range(1, 10):
        short = float(f"{single:.{digits}g}")
        if struct.unpack("f", struct.pack("f", short))[0] == single:
            return short
    return single


TEXT = Reader("string", _text)
TRUTH = Reader("bool", _truth)
SHARE = Reader("float32", _share)


def integer(name: str) -> Reader:
    """A whole number of 64 bits, under the name that the original gives its type."""
    return Reader(name, _integer)


def thing(name: str) -> Reader:
    """An object, whatever is in it."""
    return Reader(name, _object)


def kind_of(value: Value) -> str:
    """What the original calls a value of this kind."""
    if isinstance(value, Number):
        return "number"
    kinds = {str: "string", bool: "bool", Pairs: "object", list: "array"}
    return kinds[type(value)]


def fields(value: Value, readers: Mapping[str, Reader], structure: str, place: str) -> dict[str, Any]:
    """What the object says of these fields; null says nothing, as does null itself.

    `structure` is how the original calls the whole, `place` how it calls a field's home.
    Raises: Refusal.
    """
    if value is None:
        return {}
    if not isinstance(value, Pairs):
        raise unsuitable(value, structure)
    said: dict[str, Any] = {}
    for key, given in value:
        name = key if key in readers else key.casefold()
        if name not in readers or given is None:
            continue
        try:
            said[name] = readers[name].convert(given)
        except Wrong as wrong:
            reader = readers[name]
            where = f"{place if reader.place is None else reader.place}.{name}"
            raise bad_body(
                f"json: cannot unmarshal {wrong} into Go struct field {where} of type {reader.name}"
            ) from None
    return said


def unsuitable(value: Value, structure: str) -> Refusal:
    """The whole value is of another kind."""
    return bad_body(f"json: cannot unmarshal {kind_of(value)} into Go value of type {structure}")
