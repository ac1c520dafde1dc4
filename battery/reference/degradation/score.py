"""The health score: 100 when nothing is short, less for each thing that is."""

import msgspec

_MIB = 1024 * 1024
# For each resource: what it costs at most, where it begins to cost, and where it costs all of that. CPU and
# dependency together leave 50: only memory or disk, which can end the process, bring the lowest level.
MEMORY_COST, MEMORY_AMPLE, MEMORY_GONE = 60.0, 0.15, 0.05
DISK_COST, DISK_AMPLE, DISK_GONE = 60.0, 128.0 * _MIB, 32.0 * _MIB
CPU_COST, CPU_AMPLE, CPU_GONE = 25.0, 0.10, 0.0
DEPENDENCY_COST = 25.0


class Signals(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at: shares of the machine that are free, bytes that are free, and the dependency."""

    memory_free: float = 1.0
    cpu_free: float = 1.0
    disk_free_bytes: float = float("inf")
    dependency_up: bool = True


def score(signals: Signals) -> float:
    """From 100 (all is well) down to 0."""
    cost = MEMORY_COST * _shortage(signals.memory_free, MEMORY_AMPLE, MEMORY_GONE)
    cost += DISK_COST * _shortage(signals.disk_free_bytes, DISK_AMPLE, DISK_GONE)
    cost += CPU_COST * _shortage(signals.cpu_free, CPU_AMPLE, CPU_GONE)
    cost += 0.0 if signals.dependency_up else DEPENDENCY_COST
    return max(0.0, 100.0 - cost)


def _shortage(free: float, ample: float, gone: float) -> float:
    """0 where there is ample, 1 where all is gone, straight between."""
    return min(1.0, max(0.0, (ample - free) / (ample - gone)))
