"""A line that is a JSON object."""

import json
from collections.abc import Iterator
from typing import Any

from battery.readiness.observability.logs.line import LogLine

_DEEPEST = 4


def read_json_line(text: str) -> LogLine | None:
    """The line; none when it is no JSON object."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    fields = {name.lower(): told for name, told in _flat("", value, 0)} if isinstance(value, dict) else {}
    return LogLine(format="JSON", fields=fields) if fields else None


def _flat(prefix: str, value: dict[str, Any], depth: int) -> Iterator[tuple[str, str]]:
    for name, inner in value.items():
        if isinstance(inner, dict) and depth < _DEEPEST:
            yield from _flat(f"{prefix}{name}.", inner, depth + 1)
        else:
            yield f"{prefix}{name}", inner if isinstance(inner, str) else json.dumps(inner)
