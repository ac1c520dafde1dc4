"""Durations in battery.toml: more than nothing, and not longer than anybody means."""

from battery.definitions.spelling import shown
from battery.errors import DefinitionError
from battery.model.quantity import seconds


def check_duration(text: str, longest: str, file: str, key: str) -> None:
    """A duration above 0 s and up to the longest.

    Raises: DefinitionError.
    """
    if not 0 < seconds(text) <= seconds(longest):
        problem = f"{shown(text)} is not allowed; expected more than 0 s and at most {longest}"
        raise DefinitionError(file, problem, key=key)
