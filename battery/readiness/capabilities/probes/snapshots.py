"""Snapshots and rollback: the drill's findings as facts."""

from battery.readiness.capabilities.snapshots import SnapshotFacts
from battery.readiness.snapshots.drill import BackupDrill


def snapshot_facts(drill: BackupDrill) -> SnapshotFacts:
    """What the drill saw; digests of content that did not rest are compared with nothing."""
    codes = {ran.name: ran.code for ran in drill.ran}
    return SnapshotFacts(
        backed_up=codes["backup"] == 0 if "backup" in codes else None,
        digest_before=drill.before if drill.quiet else "",
        digest_destroyed=drill.destroyed,
        digest_restored=drill.restored,
        recovery_point_seconds=drill.recovery_point,
        recovery_time_seconds=drill.recovery_time,
    )
