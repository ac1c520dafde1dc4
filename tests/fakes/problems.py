"""What a call complained about."""

from collections.abc import Callable

from battery.errors import DefinitionError


def problem_with(act: Callable[[], object]) -> str:
    """The text of the DefinitionError that the call raises; empty when it raises none. Others escape."""
    try:
        act()
    except DefinitionError as error:
        return str(error)
    return ""
