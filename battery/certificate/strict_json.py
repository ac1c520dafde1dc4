"""Strict JSON: one meaning for one text, or none at all."""

import json
import re
from typing import Any, NoReturn

DEEPEST = 32
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class NotStrict(ValueError):
    """The bytes are no JSON, or JSON that two readers could read differently."""


def parse(data: bytes, *, case_twins: bool = False) -> Any:
    """The value in the bytes. `case_twins` lets "path" and "PATH" stand in one object: some names are like that.

    Raises: NotStrict for anything but UTF-8 JSON without duplicate or case-twin keys, NaN, lone surrogates
        or deep nesting.
    """
    _check_depth(data)
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object if case_twins else _object_without_twins,
            parse_constant=_constant,
        )
    except UnicodeDecodeError as error:
        raise NotStrict(f"byte {error.start} is not UTF-8") from error
    except NotStrict:
        raise
    except (ValueError, RecursionError) as error:
        raise NotStrict(f"is not JSON: {error}") from error
    if _ESCAPED_SURROGATE.search(data):
        _check_text(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise NotStrict("a key stands twice in one object")
    return value


def _object_without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    folded: dict[str, str] = {}
    for key, _ in pairs:
        twin = folded.setdefault(key.casefold(), key)
        if twin != key:
            raise NotStrict(f'the keys "{twin}" and "{key}" differ by case only')
    return _object(pairs)


def _check_text(value: Any) -> None:
    """Half of a surrogate pair is no character: no two readers agree on what it means."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotStrict("a text holds half of a surrogate pair") from error


def _constant(name: str) -> NoReturn:
    raise NotStrict(f"{name} is not JSON")


def _check_depth(data: bytes) -> None:
    """Count brackets outside of strings, before any parser recurses."""
    depth, in_string, escaped = 0, False, False
    if max(data.count(b"["), data.count(b"{")) <= DEEPEST // 2:
        return
    for byte in data:
        if in_string:
            in_string = escaped or byte != 0x22
            escaped = not escaped and byte == 0x5C
        elif byte == 0x22:
            in_string = True
        elif byte in b"[{":
            depth += 1
            if depth > DEEPEST:
                raise NotStrict(f"is nested more than {DEEPEST} deep")
        elif byte in b"]}":
            depth -= 1
