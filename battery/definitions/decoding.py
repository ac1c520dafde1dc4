"""Decoding tables into structs, with errors in the words of the file: key, value, expectation, suggestion."""

from typing import Any, TypeVar

import msgspec

from battery.definitions.explaining import explained
from battery.definitions.spelling import Step, key_path
from battery.errors import DefinitionError

T = TypeVar("T")


def decode(data: Any, kind: type[T], file: str) -> T:
    """The data as `kind`.

    Raises: DefinitionError that names the key, what stands there and what was expected.
    """
    _refuse_nul(data, file)
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise explained(str(error), data, kind, file) from error


def _refuse_nul(data: Any, file: str) -> None:
    """No path, command or header can hold a NUL; the system calls that meet one fail far from the file."""
    waiting: list[tuple[tuple[Step, ...], Any]] = [((), data)]
    while waiting:
        steps, value = waiting.pop()
        if isinstance(value, str) and "\0" in value:
            raise DefinitionError(file, "holds a NUL character", key=key_path(steps))
        if isinstance(value, dict):
            if any("\0" in name for name in value):
                raise DefinitionError(file, "holds a key with a NUL character", key=key_path(steps))
            waiting += [((*steps, name), item) for name, item in value.items()]
        elif isinstance(value, list):
            waiting += [((*steps, index), item) for index, item in enumerate(value)]
