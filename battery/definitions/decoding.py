"""Decoding tables into structs, with errors in the words of the file: key, value, expectation, suggestion."""

import difflib
import re
from typing import Any, TypeVar

import msgspec

from battery.errors import DefinitionError

T = TypeVar("T")
_PATH = re.compile(r" - at `(?:key in )?\$(?P<path>[^`]*)`$")
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<key>[^`]*)`")
_MISSING = re.compile(r"^Object missing required field `(?P<key>[^`]*)`")
_PATTERN = re.compile(r"^Expected `str` matching regex ")
_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
}
_WORDS |= {"object": "a table", "array": "a list", "datetime": "an instant such as 2030-01-31T12:00:00Z"}
_WORD = re.compile("`?\\b(" + "|".join(_WORDS) + ")\\b`?")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


def decode(data: Any, kind: type[T], file: str) -> T:
    """The data as `kind`.

    Raises: DefinitionError that names the key, what stands there and what was expected.
    """
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise _explained(str(error), data, kind, file) from error


def _explained(message: str, data: Any, kind: type, file: str) -> DefinitionError:
    at = _PATH.search(message)
    steps = [name or index for name, index in _STEP.findall(at["path"])] if at else []
    text = message[: at.start()] if at else message
    if unknown := _UNKNOWN.match(text):
        key = unknown["key"]
        return DefinitionError(
            file, "unknown key", key=_joined([*steps, key]), hint=_suggestion(key, kind, steps)
        )
    if missing := _MISSING.match(text):
        return DefinitionError(file, "is required and missing", key=_joined([*steps, missing["key"]]))
    value = _value_at(data, steps)
    expected = _expectation(text, kind, steps)
    return DefinitionError(
        file, f"{value} is not allowed; expected {expected}", key=_joined(steps) or "the file"
    )


def _joined(steps: list[str]) -> str:
    path = ""
    for step in steps:
        path += f"[{step}]" if step.isdigit() or step == "..." else f".{step}"
    return path.lstrip(".")


def _value_at(data: Any, steps: list[str]) -> str:
    for step in steps:
        if isinstance(data, dict) and step in data:
            data = data[step]
        elif isinstance(data, list) and step.isdigit():
            data = data[int(step)]
        else:
            return "the value"
    text = repr(data) if not isinstance(data, str) else f'"{data}"'
    return text if len(text) <= 80 else text[:77] + "..."


def _expectation(text: str, kind: type, steps: list[str]) -> str:
    if _PATTERN.match(text) or "matching regex" in text:
        described = _described(msgspec.inspect.type_info(kind), steps)
        if described:
            return described
    if text.startswith("Invalid enum value"):
        return _choices(msgspec.inspect.type_info(kind), steps)
    return _WORD.sub(lambda match: _WORDS[match[1]], text.removeprefix("Expected "))


def _choices(info: Any, steps: list[str]) -> str:
    literal = _plain(_descend(info, steps))
    values = literal.values if isinstance(literal, msgspec.inspect.LiteralType) else ()
    return "one of " + ", ".join(f'"{value}"' for value in values)


def _described(info: Any, steps: list[str]) -> str:
    """The description that the type at the path carries."""
    found = _descend(info, steps)
    while found is not None:
        if isinstance(found, msgspec.inspect.Metadata):
            description = (found.extra_json_schema or {}).get("description", "")
            if description:
                return str(description)
            found = found.type
        elif isinstance(found, msgspec.inspect.UnionType):
            return next((text for member in found.types if (text := _described(member, []))), "")
        else:
            return ""
    return ""


def _descend(info: Any, steps: list[str]) -> Any:
    for step in steps:
        info = _plain(info)
        if isinstance(info, msgspec.inspect.StructType):
            info = next((field.type for field in info.fields if field.encode_name == step), None)
        elif isinstance(info, msgspec.inspect.VarTupleType | msgspec.inspect.ListType):
            info = info.item_type
        elif isinstance(info, msgspec.inspect.DictType):
            info = info.value_type
        else:
            return None
    return info


def _plain(info: Any) -> Any:
    """The type without its annotations and without `| None`."""
    while isinstance(info, msgspec.inspect.Metadata):
        info = info.type
    if isinstance(info, msgspec.inspect.UnionType):
        return next((_plain(t) for t in info.types if not isinstance(t, msgspec.inspect.NoneType)), info)
    return info


def _suggestion(key: str, kind: type, steps: list[str]) -> str:
    table = _plain(_descend(msgspec.inspect.type_info(kind), steps))
    if not isinstance(table, msgspec.inspect.StructType):
        return ""
    known = [field.encode_name for field in table.fields]
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    return f'did you mean "{close[0]}"?' if close else f"known keys: {', '.join(sorted(known))}"
