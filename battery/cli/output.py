"""Output: words for people on stderr, JSON for machines on stdout."""

import sys


def say(text: str = "") -> None:
    """One line for a person."""
    print(text, file=sys.stderr)  # noqa: T201 -- the one place that talks to people


def emit(text: str) -> None:
    """What was asked for, on stdout."""
    print(text)  # noqa: T201 -- the one place that talks to machines


def emit_json(value: object) -> None:
    """One JSON document on stdout."""
    import msgspec

    emit(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
