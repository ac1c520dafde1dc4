"""The matrix: all eight capabilities from the facts of one run. A capability without facts is missing."""

from collections.abc import Iterator

from battery.model.frozen import Frozen
from battery.readiness.capabilities.audit import AuditFacts, audit
from battery.readiness.capabilities.capability import Capability, Status, missing
from battery.readiness.capabilities.degradation import DegradationFacts, degradation
from battery.readiness.capabilities.guardian import GuardianFacts, guardian
from battery.readiness.capabilities.health import HealthFacts, health
from battery.readiness.capabilities.queue import QueueFacts, queue
from battery.readiness.capabilities.restart import RestartFacts, restart
from battery.readiness.capabilities.snapshots import SnapshotFacts, snapshots
from battery.readiness.capabilities.telemetry import TelemetryFacts, telemetry

_NOT_NAMED = "nothing was observed: name {} in battery.toml"


class CapabilityFacts(Frozen, frozen=True, kw_only=True):
    """What a run recorded for each; none where battery.toml names nothing to look at."""

    health: HealthFacts | None = None
    restart: RestartFacts | None = None
    degradation: DegradationFacts | None = None
    audit: AuditFacts | None = None
    guardian: GuardianFacts | None = None
    queue: QueueFacts | None = None
    telemetry: TelemetryFacts | None = None
    snapshots: SnapshotFacts | None = None


def capability_matrix(facts: CapabilityFacts) -> tuple[Capability, ...]:
    """The eight rows in their order."""
    return tuple(_rows(facts))


def complete(matrix: tuple[Capability, ...]) -> int:
    """How many are complete."""
    return sum(capability.status is Status.COMPLETE for capability in matrix)


def _rows(facts: CapabilityFacts) -> Iterator[Capability]:
    yield (
        health(facts.health)
        if facts.health
        else _missing("health", "Health monitoring", "live, ready, status or metrics of [target]")
    )
    yield (restart(facts.restart) if facts.restart else _missing("restart", "Auto-restart"))
    yield (
        degradation(facts.degradation)
        if facts.degradation
        else _missing("degradation", "Graceful degradation")
    )
    yield audit(facts.audit) if facts.audit else _missing("audit", "Audit logging")
    yield (guardian(facts.guardian) if facts.guardian else _missing("guardian", "Guardian defence"))
    yield (queue(facts.queue) if facts.queue else _missing("queue", "Queue and orchestration"))
    yield (
        telemetry(facts.telemetry)
        if facts.telemetry
        else _missing("telemetry", "Telemetry", "metrics of [target]")
    )
    yield (snapshots(facts.snapshots) if facts.snapshots else _missing("snapshots", "Snapshots and rollback"))


def _missing(identifier: str, title: str, where: str = "") -> Capability:
    """One that battery.toml says nothing of; `where` it would, if not in the capability's own table."""
    return missing(identifier, title, _NOT_NAMED.format(where or f"[capabilities.{identifier}]"))
