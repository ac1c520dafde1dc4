"""The drill: check out, run the command, wait until it is ready, end everything; once cold and once warm."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from battery.model.frozen import Frozen
from battery.readiness.bootstrap.attempt import Attempt, Order, attempt
from battery.readiness.bootstrap.checkout import check_out
from battery.readiness.bootstrap.environment import SYSTEM_PATH, make_home, scrubbed
from battery.readiness.bootstrap.sandbox import Sandbox


class Drill(Frozen, frozen=True, kw_only=True):
    """What to try: `scratch` is an empty folder for checkout, home and logs; `keep` names variables to hand in, and
    `given` are further ones with their values.
    """

    source: Path
    scratch: Path
    command: tuple[str, ...]
    ready_url: str = ""
    seconds: float = 600.0
    settle: float = 60.0
    path: tuple[str, ...] = SYSTEM_PATH
    keep: tuple[str, ...] = ()
    given: dict[str, str] = {}
    clone: bool | None = None
    warm: bool = True


class DrillReport(Frozen, frozen=True, kw_only=True):
    """How the source was checked out, and both attempts; a warm one is only tried after a cold one that came up."""

    how: Literal["clone", "copy"]
    note: str
    checkout_seconds: float
    cold: Attempt
    warm: Attempt | None = None

    @property
    def clean_to_ready(self) -> float | None:
        """Seconds from nothing to the first ready answer; none when it never came up."""
        return self.checkout_seconds + self.cold.seconds if self.cold.came_up else None


def run_drill(drill: Drill, environ: Mapping[str, str]) -> DrillReport:
    """Try it.

    Raises: DrillImpossible when it cannot begin; whatever the command does is in the report.
    """
    began = time.monotonic()
    checkout = check_out(drill.source, drill.scratch / "checkout", clone=drill.clone)
    taken = time.monotonic() - began
    home = drill.scratch / "home"
    make_home(home)
    env = {**scrubbed(home, environ, path=drill.path, keep=drill.keep), **drill.given}
    sandbox = Sandbox(folder=checkout.folder, env=env, seconds=drill.seconds)
    order = Order(
        sandbox=sandbox,
        command=drill.command,
        ready_url=drill.ready_url,
        log=drill.scratch / "bootstrap-cold.log",
        folders=(checkout.folder, home),
        settle=drill.settle,
    )
    cold = attempt(order)
    warm = (
        attempt(order.logged(drill.scratch / "bootstrap-warm.log")) if drill.warm and cold.came_up else None
    )
    return DrillReport(how=checkout.how, note=checkout.note, checkout_seconds=taken, cold=cold, warm=warm)
