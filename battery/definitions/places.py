"""Places: where in the data a decoder stumbled, and what type it wanted there."""

import re
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.inspect import DictType, ListType, Metadata, NoneType, StructType, UnionType, VarTupleType

from battery.definitions.spelling import Step

_AT = re.compile(r" - at (?P<key>`key` in )?`\$(?P<path>(?:\.\w+|\[\d+\]|\[\.\.\.\])*)`\Z")
_STEP = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")
_MOST_KEYS = 1000


@dataclass(frozen=True)
class Place:
    """The steps to the value, the value, its type without wrappings, and the words that the type carries.

    Where a table's key was refused, the value is that key and the steps lead to the table.
    """

    message: str
    steps: tuple[Step, ...]
    value: Any
    type: Any
    description: str
    is_key: bool = False


def find_place(message: str, data: Any, kind: type) -> Place:
    """Where the decoder's message points; the message comes back without the path."""
    at = _AT.search(message)
    names = [name or index for name, index in _STEP.findall(at["path"])] if at else []
    steps: tuple[Step, ...] = ()
    value, info, description = data, *_unwrapped(msgspec.inspect.type_info(kind))
    for name in names:
        step = _step(name, steps, value, message, data, kind)
        if step is None:
            # The path was part of a key's own text: the message is about the top of the file.
            value, info, description = data, *_unwrapped(msgspec.inspect.type_info(kind))
            return Place(message=message, steps=(), value=value, type=info, description=description)
        steps, value = (*steps, step), value[step]
        info, description = _unwrapped(_inner(info, step))
    text = message[: at.start()] if at else message
    if at and at["key"]:
        key = _refused_key(value, steps, message, data, kind)
        if key is not None and isinstance(info, DictType):
            info, description = _unwrapped(info.key_type)
            return Place(
                message=text, steps=steps, value=key, type=info, description=description, is_key=True
            )
    return Place(message=text, steps=steps, value=value, type=info, description=description)


def _step(name: str, steps: tuple[Step, ...], value: Any, message: str, data: Any, kind: type) -> Step | None:
    """The next step; where the decoder hides a table's key behind "...", the key whose value it refused."""
    if isinstance(value, list):
        return int(name) if name.isdigit() and int(name) < len(value) else None
    if not isinstance(value, dict):
        return None
    if name != "...":
        return name if name in value else None
    return _refused_key(value, steps, message, data, kind)


def _refused_key(value: Any, steps: tuple[Step, ...], message: str, data: Any, kind: type) -> str | None:
    """The key of the table that alone draws the same message, for itself or for what it holds."""
    for key in list(value)[:_MOST_KEYS] if isinstance(value, dict) else ():
        try:
            msgspec.convert(_with(data, steps, {key: value[key]}), kind)
        except msgspec.ValidationError as error:
            if str(error) == message:
                return str(key)
    return None


def _with(data: Any, steps: tuple[Step, ...], value: Any) -> Any:
    """The data with another value at the place."""
    if not steps:
        return value
    copy = data.copy()
    copy[steps[0]] = _with(data[steps[0]], steps[1:], value)
    return copy


def _inner(info: Any, step: Step) -> Any:
    if isinstance(info, StructType):
        return next((field.type for field in info.fields if field.encode_name == step), None)
    if isinstance(info, VarTupleType | ListType):
        return info.item_type
    return info.value_type if isinstance(info, DictType) else None


def _unwrapped(info: Any) -> tuple[Any, str]:
    """The type without annotations and without `| None`, and the description it carried."""
    description = ""
    while True:
        if isinstance(info, Metadata):
            description = str((info.extra_json_schema or {}).get("description", "")) or description
            info = info.type
        elif isinstance(info, UnionType):
            info = next(member for member in info.types if not isinstance(member, NoneType))
        else:
            return info, description
