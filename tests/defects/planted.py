"""The planted defects, the command that must see each, and the rules that must fail."""

from typing import NamedTuple

LOAD, CHAOS = "load", "chaos"


class Planted(NamedTuple):
    """A defect, the command that looks for it, and the rules of which at least one must fail, and no other may."""

    defect: str
    command: tuple[str, ...]
    rules: tuple[str, ...]
    needs_database: bool = False


_SOAK = ("soak", "--for", "40 s", "--every", "4 s")
_LONGER_SOAK = ("soak", "--for", "60 s", "--every", "4 s")  # a hundredth a second shows slowly
PLANTED = (
    Planted("", _SOAK, ()),
    Planted("leak", _SOAK, ("load.p4.memory.growth",)),
    Planted("degrading", _LONGER_SOAK, ("load.p4.latency.growth",)),
    Planted("errors", _SOAK, ("load.p4.errors",)),
    Planted("thread_leak", _SOAK, ("load.p4.threads.growth",)),
    Planted("descriptor_leak", _SOAK, ("load.p4.descriptors.growth",)),
    Planted("", ("chaos", "--intensity", "smoke"), ()),
    Planted(
        "no_recovery",
        ("chaos", "--intensity", "smoke", "--scenario", "dependency"),
        ("chaos.dependency.recovery", "chaos.breaker.defects"),
    ),
    Planted(
        "breaker_never_opens",
        ("chaos", "--intensity", "smoke", "--scenario", "dependency"),
        ("chaos.breaker.defects",),
    ),
    Planted(
        "breaker_never_closes",
        ("chaos", "--intensity", "smoke", "--scenario", "dependency"),
        ("chaos.dependency.recovery", "chaos.breaker.defects"),
    ),
    Planted(
        "lost_writes", ("chaos", "--intensity", "smoke", "--scenario", "restart"), ("chaos.writes.lost",)
    ),
    Planted(
        "doubled_writes", ("chaos", "--intensity", "smoke", "--scenario", "restart"), ("chaos.writes.lost",)
    ),
    Planted(
        "shutdown_drops",
        ("chaos", "--intensity", "smoke", "--scenario", "restart"),
        ("chaos.restart.dropped",),
    ),
    Planted("ready_lies", ("chaos", "--intensity", "smoke", "--scenario", "database"), ("chaos.ready.lies",)),
    Planted(
        "pool_leak",
        ("chaos", "--intensity", "smoke", "--scenario", "database"),
        ("chaos.database.recovery",),
        needs_database=True,
    ),
)
