"""Bytes of a lock file to structs; what is wrong is told with its place."""

import json
import re
import tomllib
from typing import Any, TypeVar

import msgspec

from battery.scan.sbom.unreadable import SourceUnreadable, shown

T = TypeVar("T")
_TOML_PLACE = re.compile(r"\(at (.+)\)\Z")
_STRUCT_PLACE = re.compile(r" - at `(.+)`\Z")


def text_of(data: bytes) -> str:
    """UTF-8 text, with or without a byte order mark. Raises: SourceUnreadable with the byte that is wrong."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceUnreadable("it is not UTF-8 text", place=f"byte {error.start}") from error


def from_toml(data: bytes, shape: type[T]) -> T:
    """A TOML document of that shape. Raises: SourceUnreadable."""
    text = text_of(data)
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable("it is not TOML", str(error), _TOML_PLACE) from error
    return _shaped(raw, shape)


def from_json(data: bytes, shape: type[T]) -> T:
    """A JSON document of that shape. Raises: SourceUnreadable."""
    text = text_of(data)
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise SourceUnreadable(f"it is not JSON ({error.msg})", place=place) from error
    except (ValueError, RecursionError) as error:
        raise SourceUnreadable(f"it is not JSON that can be read ({type(error).__name__})") from error
    return _shaped(raw, shape)


def _shaped(raw: Any, shape: type[T]) -> T:
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        raise _unreadable("unexpected content", str(error), _STRUCT_PLACE) from error


def _unreadable(problem: str, message: str, pattern: re.Pattern[str]) -> SourceUnreadable:
    found = pattern.search(message)
    place = found[1] if found else ""
    said = message[: found.start()].strip() if found else message
    return SourceUnreadable(f"{problem} ({shown(said, 120)})", place=place)
