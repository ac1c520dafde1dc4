"""The session: runs a plan's open checks and leaves evidence for every one of them."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from battery import clock
from battery.errors import BatteryError
from battery.model.event import AnyEvent
from battery.model.evidence import Evidence
from battery.model.plan import Plan, PlannedCheck
from battery.redaction import secrets_of
from battery.runner.marks import OWN_CHECKS
from battery.runner.plugin import EvidencePlugin
from battery.runner.pytest_call import call_pytest
from battery.store import RunFolder


class RunInterrupted(BatteryError):
    """The run was stopped by a signal; what it recorded stays, and --resume goes on from there."""

    exit_code = 130


def run_checks(
    plan: Plan, folder: RunFolder, folders: Sequence[Path], emit: Callable[[AnyEvent], None]
) -> tuple[Evidence, ...]:
    """Evidence for every planned check; what was measured before a resume is kept.

    Raises: RunInterrupted on Ctrl-C, StoreError when evidence cannot be written.
    """
    done = measured_checks(plan, folder)
    secrets = secrets_of(plan.definition, os.environ)
    plugin = EvidencePlugin(plan, folder, secrets, emit, done, time.monotonic())
    code = call_pytest([OWN_CHECKS, *folders], [plugin, plugin.fixtures])
    if plugin.problem is not None:
        raise plugin.problem
    if code == pytest.ExitCode.INTERRUPTED:
        raise RunInterrupted(f"interrupted; go on with: battery certify --resume {folder.path}")
    if code == pytest.ExitCode.INTERNAL_ERROR:
        raise BatteryError("the runner failed; this is a defect of the battery, not of the target")
    present = {evidence.check for evidence in folder.evidence()}
    for check in plan.checks:
        if check.id not in present:
            folder.write_evidence(_missing(check, plan, folder))
    return folder.evidence()


def measured_checks(plan: Plan, folder: RunFolder) -> frozenset[str]:
    """The checks that this plan's earlier sessions measured already."""
    digest = folder.digest()
    return frozenset(
        item.check
        for item in folder.evidence()
        if item.status == "measured" and item.plan == digest and item.mode == plan.mode
    )


def _missing(check: PlannedCheck, plan: Plan, folder: RunFolder) -> Evidence:
    return Evidence(
        check=check.id,
        mode=plan.mode,
        plan=folder.digest(),
        gates=check.gates,
        status="missing",
        reason="it was planned, but its file is gone or it was not collected",
        started=clock.now(),
        seconds=0.0,
    )
