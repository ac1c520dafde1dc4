"""Snapshots and rollback: what is destroyed comes back from a backup, equal to what it was."""

from battery.model.frozen import Frozen
from battery.readiness.capabilities.capability import Aspect, Capability, Known, judged


class SnapshotFacts(Frozen, frozen=True, kw_only=True):
    """The drill: digests of the content before, after the destruction and after the restore; both times measured."""

    backed_up: Known = None
    digest_before: str = ""
    digest_destroyed: str = ""
    digest_restored: str = ""
    recovery_point_seconds: float | None = None
    recovery_time_seconds: float | None = None


def snapshots(facts: SnapshotFacts) -> Capability:
    """Judge it. A restore over content that was never gone restores nothing."""
    destroyed = _differ(facts.digest_before, facts.digest_destroyed)
    restored = None
    if destroyed and facts.digest_restored:
        restored = facts.digest_restored == facts.digest_before
    return judged(
        "snapshots",
        "Snapshots and rollback",
        [
            Aspect(what="a backup is made", held=facts.backed_up),
            Aspect(what="the content was really destroyed", held=destroyed),
            Aspect(what="the restored content is equal", held=restored),
            _measured("recovery point", facts.recovery_point_seconds),
            _measured("recovery time", facts.recovery_time_seconds),
        ],
    )


def _differ(one: str, other: str) -> Known:
    return None if not one or not other else one != other


def _measured(what: str, seconds: float | None) -> Aspect:
    note = "" if seconds is None else f"{seconds:.1f} s"
    return Aspect(what=f"{what} measured", held=None if seconds is None else seconds >= 0, note=note)
