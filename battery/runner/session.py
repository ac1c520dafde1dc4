"""The session: runs a plan's open checks and leaves evidence for every one of them."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from battery.chaos.scenarios.world import World
from battery.errors import BatteryError
from battery.model.event import AnyEvent
from battery.model.evidence import Evidence
from battery.model.plan import ALWAYS, Plan
from battery.redaction import SHORTEST, secrets_of
from battery.runner.collection import ImportGuard, ProfileItems
from battery.runner.marks import OWN_CHECKS
from battery.runner.plugin import EvidencePlugin
from battery.runner.pytest_call import call_pytest
from battery.store import RunFolder


class RunInterrupted(BatteryError):
    """The run was stopped by a signal; what it recorded stays, and --resume goes on from there."""

    exit_code = 130


def run_checks(
    plan: Plan,
    folder: RunFolder,
    folders: Sequence[Path],
    emit: Callable[[AnyEvent], None],
    began: float,
    world: World | None = None,
) -> tuple[Evidence, ...]:
    """Evidence for every planned check; what was measured before a resume is kept. `began` is a monotonic time.

    Raises: RunInterrupted on Ctrl-C, StoreError when evidence cannot be written.
    """
    done = kept_checks(plan, folder)
    secrets = _line_by_line(secrets_of(plan.definition, os.environ))
    plugin = EvidencePlugin(plan, folder, secrets, emit, done, began, world)
    present = [path for path in folders if path.is_dir()]
    plugins = [plugin, plugin.fixtures, plugin.bounds, ImportGuard(), ProfileItems(plan.profiles)]
    code = call_pytest([OWN_CHECKS, *present], plugins)
    if plugin.problem is not None:
        raise plugin.problem
    if code == pytest.ExitCode.INTERRUPTED:
        raise RunInterrupted(f"interrupted; go on with: battery certify --resume {folder.path}")
    if code in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
        raise RuntimeError(f"pytest ended with {code}")
    recorded = {item.check for item in folder.evidence() if item.plan == folder.digest()}
    for check in plan.checks:
        if check.id not in recorded:
            plugin.record_missing(check)
    return folder.evidence()


def _line_by_line(secrets: Sequence[str]) -> tuple[str, ...]:
    """The secrets and each of their lines: a traceback indents every line of a message."""
    return tuple(
        part for secret in secrets for part in (secret, *secret.splitlines()) if len(part.strip()) >= SHORTEST
    )


def kept_checks(plan: Plan, folder: RunFolder) -> frozenset[str]:
    """The checks that this plan's earlier sessions measured, and that hold still.

    What a target check saw holds only if nothing that stands before it in the plan is done again.
    """
    digest = folder.digest()
    measured = {
        item.check
        for item in folder.evidence()
        if item.status == "measured" and item.plan == digest and item.mode == plan.mode
    }
    kept: list[str] = []
    for position, check in enumerate(plan.checks):
        follows = len(kept) == position
        if check.id in measured and (follows or check.instrument != ALWAYS):
            kept.append(check.id)
    return frozenset(kept)
