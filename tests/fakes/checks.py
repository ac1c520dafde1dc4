"""Check files as users write them, planned and run as the battery does."""

import textwrap
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from battery.definitions.profiles import load_profiles
from battery.model.definition import ProfileChoice
from battery.model.event import AnyEvent
from battery.model.evidence import Evidence
from battery.model.plan import Plan, PlannedCheck
from battery.runner.collection import collect_checks
from battery.runner.session import run_checks
from battery.store import RunFolder
from tests.fakes.plans import SHIPPED, a_plan

PROFILES = load_profiles(ProfileChoice(), Path()).profiles
HEAD = "import os, sys, time, pytest\npytestmark = pytest.mark.gate('G1')\n\n"
MEASURES = HEAD + "def check_it(record):\n    record.measure('coverage.line', 95)\n"


class Ran(NamedTuple):
    """A run over check files: what was planned, left in the folder, and told on the way."""

    plan: Plan
    folder: RunFolder
    evidence: Mapping[str, Evidence]
    events: list[AnyEvent]

    def files(self) -> dict[str, bytes]:
        """Every file of the run folder by its path."""
        return {str(path): path.read_bytes() for path in self.folder.path.rglob("*") if path.is_file()}

    def blob(self, check: str, name: str) -> str:
        """The text of the check's blob of that name."""
        digest = next(blob.sha256 for blob in self.evidence[check].blobs if blob.name == name)
        return self.folder.read_blob(digest).decode()


def write_checks(folder: Path, **files: str) -> Path:
    """The folder with a check_<name>.py for each text, under the usual imports and G1's mark."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"check_{name}.py").write_text(HEAD + textwrap.dedent(text))
    return folder


def planned(folder: Path) -> tuple[PlannedCheck, ...]:
    """The checks of a user's folder alone."""
    return tuple(check for check in collect_checks([folder], PROFILES) if check.origin == "user")


def plan_for(folder: Path, **given: Any) -> tuple[Plan, RunFolder]:
    """A plan of the folder's checks, in a run folder beside it."""
    defaults: dict[str, Any] = {"folder": str(folder.parent)}
    if "checks" not in given:
        defaults["checks"] = planned(folder)
    plan = a_plan(**defaults | given)
    return plan, RunFolder.create(folder.parent / "artifacts", plan)


def run_again(plan: Plan, run: RunFolder, *folders: Path) -> Ran:
    """Run what is open in a planned run."""
    events: list[AnyEvent] = []
    evidence = run_checks(plan, run, folders, events.append, time.monotonic())
    return Ran(plan, run, {item.check: item for item in evidence}, events)


def run_files(tmp_path: Path, plan: Mapping[str, Any] = {}, **files: str) -> Ran:
    """Plan and run check files."""
    folder = write_checks(tmp_path / "checks", **files)
    return run_again(*plan_for(folder, **plan), folder)


def run_one(tmp_path: Path, text: str, **plan: Any) -> tuple[Evidence, Ran]:
    """Run one check file with one check, and its evidence."""
    ran = run_files(tmp_path, plan, it=text)
    [evidence] = ran.evidence.values()
    return evidence, ran


def run_own(tmp_path: Path, *ids: str, **plan: Any) -> Ran:
    """Run some of the battery's own checks."""
    checks = tuple(check for check in collect_checks([], PROFILES) if check.id in ids)
    planned = a_plan(**{"checks": checks, "folder": str(tmp_path), "gates": SHIPPED.gates} | plan)
    return run_again(planned, RunFolder.create(tmp_path / "artifacts", planned))
