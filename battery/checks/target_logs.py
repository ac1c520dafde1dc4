"""Where the target writes its log: the files that battery.toml names, or what the battery keeps of its output."""

import pytest

from battery.chaos.scenarios.world import World
from battery.model.security import JOURNAL
from battery.readiness.observability.files import NothingNamed, named_files
from battery.readiness.observability.logs.tail import LogFiles

NO_LOG = (
    "no log: name the target's log files as [observability] logs in battery.toml, or let the battery start it "
    "([process] command) and write to its standard error"
)


def target_logs(world: World) -> LogFiles:
    """The log files; the check is skipped, with the reason, where none is known or one is not there."""
    logs = log_files(world)
    if logs is None:
        pytest.skip(NO_LOG)
    return logs


def log_files(world: World) -> LogFiles | None:
    """The log files, none where none is known; the check is skipped where one that is named is not there."""
    definition = world.definition
    scanned = tuple(name for name in definition.security.logs if not name.startswith(JOURNAL))
    named = definition.observability.logs or scanned
    if named:
        try:
            return LogFiles(named_files(world.base, named))
        except NothingNamed as error:
            pytest.skip(str(error))
    return LogFiles((world.process.log.path,)) if world.process is not None else None
