"""Spelling: values and keys as TOML writes them, always on one line and never long."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time

Step = str | int
LONGEST = 80
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def quoted(text: str) -> str:
    """The text as a TOML basic string; what does not print is escaped."""
    return (
        '"' + "".join(character if _is_plain(character) else _escaped(character) for character in text) + '"'
    )


def shown(value: object) -> str:
    """The value as a reader of the file would recognise it."""
    if isinstance(value, str):
        text = quoted(value[:LONGEST])
        return text if len(value) <= LONGEST else f"{text[:-1]}…"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        # Python refuses to spell out integers of thousands of digits.
        return str(value) if value.bit_length() <= 128 else "a number of more than 38 digits"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else repr(value)


def key_path(steps: Iterable[Step]) -> str:
    """The steps as a dotted key: `endpoint[0].headers."X y"`."""
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{_key(step)}"
    return path.removeprefix(".")


def _key(name: str) -> str:
    return name if len(name) <= LONGEST and _BARE.fullmatch(name) else shown(name)


def _is_plain(character: str) -> bool:
    return character.isprintable() and character not in _ESCAPES


def _escaped(character: str) -> str:
    code = ord(character)
    return _ESCAPES.get(character) or (f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}")
