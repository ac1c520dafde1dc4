"""Commands in battery.toml: a list of words that begins with a program."""

from collections.abc import Sequence

from battery.errors import DefinitionError


def check_command(command: Sequence[str], file: str, key: str) -> None:
    """A command that is given names a program.

    Raises: DefinitionError.
    """
    if not command[0].strip():
        raise DefinitionError(file, "names no program; expected its name or path first", key=f"{key}[0]")
