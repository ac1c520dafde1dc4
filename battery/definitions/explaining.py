"""Explaining: a decoder's error in the words of the file."""

import difflib
import re
from collections.abc import Iterable
from typing import Any

import msgspec

from battery.definitions.places import Place, find_place
from battery.definitions.spelling import key_path, shown
from battery.errors import DefinitionError

_MISSING = re.compile(r"Object missing required field `(\w+)`")
_EXPECTED = re.compile(r"Expected `([^`]*)`(?: of length (>=|<=) (\d+))?")
_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "a table",
    "array": "a list",
    "datetime": "an instant such as 2030-01-31T12:00:00Z",
}


def explained(message: str, data: Any, kind: type, file: str) -> DefinitionError:
    """The decoder's message as an error that names key, value, expectation and, where one is near, a suggestion."""
    place = find_place(message, data, kind)
    if place.message.startswith("Object contains unknown field"):
        return _unknown(place, file)
    if missing := _MISSING.match(place.message):
        return DefinitionError(file, "is required and missing", key=key_path([*place.steps, missing[1]]))
    refused = f"the key {shown(place.value)}" if place.is_key else shown(place.value)
    problem = f"{refused} is not allowed; expected {_expectation(place)}"
    return DefinitionError(
        file, problem, key=key_path(place.steps) or "the file", hint=_nearest(place.value, _choices(place))
    )


def suggestion(name: str, known: Iterable[str]) -> str:
    """The known name that somebody may have meant; empty when none is near."""
    close = difflib.get_close_matches(name[:100], list(known), n=1)
    return f'did you mean "{close[0]}"?' if close else ""


def _unknown(place: Place, file: str) -> DefinitionError:
    known = [field.encode_name for field in place.type.fields]
    key = next(name for name in place.value if name not in known)
    hint = suggestion(key, known) or f"known keys: {', '.join(sorted(known))}"
    return DefinitionError(file, "unknown key", key=key_path([*place.steps, key]), hint=hint)


def _expectation(place: Place) -> str:
    if choices := _choices(place):
        return "one of " + ", ".join(f'"{choice}"' for choice in choices)
    if place.description:
        return place.description
    match = _EXPECTED.match(place.message)
    if match is None:
        return _WORDS["datetime"] if "datetime" in place.message else "a number that fits"
    types = " or ".join(_WORDS.get(word, word) for word in match[1].split(" | ") if word != "null")
    if not match[2]:
        return types
    unit = "character" if match[1] == "str" else "item"
    return f"{types} of at {'least' if match[2] == '>=' else 'most'} {match[3]} {unit}{'' if match[3] == '1' else 's'}"


def _choices(place: Place) -> tuple[str, ...]:
    if isinstance(place.type, msgspec.inspect.LiteralType):
        return tuple(str(value) for value in place.type.values)
    return ()


def _nearest(value: object, choices: tuple[str, ...]) -> str:
    return suggestion(value, choices) if isinstance(value, str) else ""
