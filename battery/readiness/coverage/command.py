"""The coverage command: the target's tests, run in a copy of the tree so that the report is of this very code."""

import os
from collections.abc import Mapping
from pathlib import Path

from battery.errors import BatteryError
from battery.model.frozen import Frozen
from battery.model.quantity import seconds
from battery.model.target import Source
from battery.readiness.bootstrap.attempt import Attempt, Order, attempt
from battery.readiness.bootstrap.checkout import check_out
from battery.readiness.bootstrap.environment import given, make_home, scrubbed
from battery.readiness.bootstrap.sandbox import Sandbox

LOG = "coverage-command.log"


class TestsFailed(BatteryError):
    """The tests did not run to a good end, or left no report: what they cover is not known."""

    exit_code = 2
    __test__ = False  # pytest takes what begins with Test for tests


class TestedCopy(Frozen, frozen=True, kw_only=True):
    """The copy, the report that is expected in it, and how the command went."""

    __test__ = False

    folder: Path
    name: str
    report: Path
    attempt: Attempt

    def log(self) -> bytes:
        """What the command wrote."""
        return self.attempt.log.read_bytes() if self.attempt.log else b""

    def require_report(self) -> None:
        """Raises: TestsFailed unless the tests passed and wrote the report."""
        if not self.attempt.came_up:
            raise TestsFailed(f"[source] coverage_command: {self.attempt.reason} (its log is kept as {LOG})")
        inside = self.report.resolve().is_relative_to(self.folder.resolve())
        if not (inside and self.report.is_file()):
            raise TestsFailed(
                f"[source] coverage_command ended well and wrote no {self.name} into the copy of the tree: "
                f"{self.attempt.tail} (its log is kept as {LOG})"
            )


def run_tests(source: Source, tree: Path, scratch: Path, environ: Mapping[str, str]) -> TestedCopy:
    """Copy the tree into an empty folder and run the command there; at its limit all of it is killed.

    Raises: DrillImpossible when the tree cannot be copied or the command not be started.
    """
    copy = check_out(tree, scratch / "tree", clone=False).folder
    report = Path(os.path.normpath(copy / source.coverage))
    if report.is_relative_to(copy):
        # One that lay in the tree already would pass for what the command wrote.
        report.unlink(missing_ok=True)
    home = scratch / "home"
    make_home(home)
    env = {**scrubbed(home, environ, keep=source.environment), **given(source.env, environ)}
    order = Order(
        sandbox=Sandbox(folder=copy, env=env, seconds=seconds(source.coverage_limit)),
        command=source.coverage_command,
        ready_url="",
        log=scratch / LOG,
        folders=(copy, home),
    )
    return TestedCopy(folder=copy, name=source.coverage, report=report, attempt=attempt(order))
