"""Whether there is a target to load: a minute of requests to nobody measures nothing."""

from collections.abc import Callable

import pytest

from battery.model.definition import Definition
from battery.model.evidence import Evidence

NO_TARGET = "no target: give its URL on the command line or as [target] url in battery.toml"


def require_answering_target(target: Definition, earlier: Callable[[str], Evidence | None]) -> None:
    """Skip the check, with the reason, where no target was given or the first look at it found nobody."""
    if not target.target.url:
        pytest.skip(NO_TARGET)
    before = earlier("target.before")
    for measure in before.measures if before else ():
        if measure.name == "target.reachable" and measure.value == 0:
            pytest.skip(
                f"the target does not answer at {target.target.url} ({measure.note}): start it, or mend the URL"
            )
