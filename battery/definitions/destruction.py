"""What destroys content is allowed on the command line, run by run, and nowhere else."""

import msgspec

from battery.errors import DefinitionError
from battery.model.definition import Definition

OPTION = "--allow-destructive"


def refuse_destruction(definition: Definition, file: str) -> None:
    """A file that lies around must not destroy anything by itself.

    Raises: DefinitionError.
    """
    if definition.run.allow_destructive:
        problem = f"has no place in a file: give {OPTION} on the command line"
        raise DefinitionError(file, problem, key="run.allow_destructive")


def allowing_destruction(definition: Definition) -> Definition:
    """The definition of a run that may destroy and restore content; its plan says so."""
    run = msgspec.structs.replace(definition.run, allow_destructive=True)
    return msgspec.structs.replace(definition, run=run)
