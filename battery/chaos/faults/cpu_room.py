"""How much of the processors may be used: those that we may run on, and the quota of the control groups that we live in."""

import os
from pathlib import Path

from battery.chaos.faults.control_groups import GROUPS, OWN_GROUP, folders, number_in
from battery.model.frozen import Frozen


class CpuRoom(Frozen, frozen=True, kw_only=True):
    """The processors that we may run on, and how many of them at a time; no quota means all."""

    processors: int
    quota: float | None = None


def cpu_room(groups: Path = GROUPS, own_group: Path = OWN_GROUP) -> CpuRoom:
    """The room of this process."""
    quotas = [quota for folder in folders("cpu", groups, own_group) if (quota := _quota(folder)) is not None]
    return CpuRoom(processors=_processors(), quota=min(quotas, default=None))


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # where there is no affinity to ask for


def _quota(folder: Path) -> float | None:
    """Processors at a time in one group; none where it has no limit."""
    try:
        words = (folder / "cpu.max").read_text(encoding="ascii", errors="replace").split()
    except OSError:
        words = []
    if len(words) == 2:
        quota, period = (int(word) if word.isascii() and word.isdigit() else None for word in words)
    else:
        quota, period = number_in(folder / "cpu.cfs_quota_us"), number_in(folder / "cpu.cfs_period_us")
    return quota / period if quota and period else None
