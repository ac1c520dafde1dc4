"""JSON values that an answer must hold, each by its path."""

from collections.abc import Mapping
from typing import Any

import msgspec

_ABSENT = object()


def holds_values(body: bytes, wanted: Mapping[str, object]) -> bool:
    """Whether the body is JSON and has every wanted value at its path, of the same kind: true is not 1."""
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return all(_same(_at(document, path), value) for path, value in wanted.items())


def _at(document: Any, path: str) -> object:
    for step in path.split("."):
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list) and step.isdecimal() and int(step) < len(document):
            document = document[int(step)]
        else:
            return _ABSENT
    return document


def _same(found: object, wanted: object) -> bool:
    return found == wanted and isinstance(found, bool) == isinstance(wanted, bool)
