"""The health score: 100 when nothing is short, less for each thing that is."""

import msgspec

_MIB = 1024 * 1024
# For each thing: what it costs at most, where it begins to cost, and where it costs all of that. Whatever is not
# memory or disk leaves at least 25, and no two of them bring the lowest level: those two can end the process.
MEMORY_COST, MEMORY_AMPLE, MEMORY_GONE = 60.0, 0.15, 0.05
DISK_COST, DISK_AMPLE, DISK_GONE = 60.0, 128.0 * _MIB, 32.0 * _MIB
CPU_COST, CPU_AMPLE, CPU_GONE = 25.0, 0.10, 0.01
LAG_COST, LAG_AMPLE, LAG_GONE = 25.0, 0.25, 1.0
CROWD_COST, CROWD_AMPLE, CROWD_GONE = 25.0, 0.50, 0.05
DEPENDENCY_COST = 25.0


class Signals(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at: shares that are free, bytes that are free, the lag of the loop, and the dependency."""

    memory_free: float = 1.0
    cpu_free: float = 1.0
    disk_free_bytes: float = float("inf")
    dependency_up: bool = True
    loop_lag_seconds: float = 0.0
    queue_free: float = 1.0
    requests_free: float = 1.0


class Component(msgspec.Struct, frozen=True):
    """One thing that was looked at: what was seen of it, in which unit, and what it costs of the score.

    Within a `group` only the dearest counts: they are one shortage, seen in several places.
    """

    name: str
    group: str
    value: float
    unit: str
    cost: float


def components(signals: Signals) -> tuple[Component, ...]:
    """Each thing and its cost."""
    cpu, memory, disk = signals.cpu_free, signals.memory_free, signals.disk_free_bytes
    queue, requests = signals.queue_free, signals.requests_free
    lag, up = signals.loop_lag_seconds, float(signals.dependency_up)
    return (
        Component("cpu", "computing", cpu, "share free", CPU_COST * _short(cpu, CPU_AMPLE, CPU_GONE)),
        Component(
            "event_loop", "computing", lag, "seconds late", LAG_COST * _short(lag, LAG_AMPLE, LAG_GONE)
        ),
        Component(
            "memory", "memory", memory, "share free", MEMORY_COST * _short(memory, MEMORY_AMPLE, MEMORY_GONE)
        ),
        Component("disk", "disk", disk, "bytes free", DISK_COST * _short(disk, DISK_AMPLE, DISK_GONE)),
        Component("queue", "crowd", queue, "share free", CROWD_COST * _short(queue, CROWD_AMPLE, CROWD_GONE)),
        Component(
            "requests",
            "crowd",
            requests,
            "share free",
            CROWD_COST * _short(requests, CROWD_AMPLE, CROWD_GONE),
        ),
        Component("dependency", "dependency", up, "1 when up", DEPENDENCY_COST * _short(up, 1.0, 0.0)),
    )


def score_of(parts: tuple[Component, ...]) -> float:
    """From 100 (all is well) down to 0."""
    dearest: dict[str, float] = {}
    for part in parts:
        dearest[part.group] = max(part.cost, dearest.get(part.group, 0.0))
    return max(0.0, 100.0 - sum(dearest.values()))


def score(signals: Signals) -> float:
    """The score of what was seen."""
    return score_of(components(signals))


def _short(value: float, ample: float, gone: float) -> float:
    """0 where there is ample, 1 where all is gone, straight between; `gone` may be the larger one."""
    return min(1.0, max(0.0, (ample - value) / (ample - gone)))
