"""The matrix of a run, from what its checks recorded: facts go in as JSON, statuses come out of nothing else."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import msgspec

from battery.model.capabilities import CAPABILITIES, CapabilityId
from battery.model.evidence import Evidence
from battery.model.frozen import Frozen
from battery.readiness.capabilities.audit import AuditFacts
from battery.readiness.capabilities.capability import Capability, Status
from battery.readiness.capabilities.degradation import DegradationFacts
from battery.readiness.capabilities.guardian import GuardianFacts
from battery.readiness.capabilities.health import HealthFacts
from battery.readiness.capabilities.matrix import CapabilityFacts, capability_matrix
from battery.readiness.capabilities.queue import QueueFacts
from battery.readiness.capabilities.restart import RestartFacts
from battery.readiness.capabilities.snapshots import SnapshotFacts
from battery.readiness.capabilities.telemetry import TelemetryFacts

FACT, NOT_TRIED = "capability", "not tried"
_KINDS: Mapping[CapabilityId, type[Frozen]] = MappingProxyType(
    {
        "health": HealthFacts,
        "restart": RestartFacts,
        "degradation": DegradationFacts,
        "audit": AuditFacts,
        "guardian": GuardianFacts,
        "queue": QueueFacts,
        "telemetry": TelemetryFacts,
        "snapshots": SnapshotFacts,
    }
)


def check_of(identifier: CapabilityId) -> str:
    """The check that observes a capability."""
    return f"capabilities.{identifier}"


def spelled(facts: Frozen) -> str:
    """Facts as evidence keeps them."""
    return msgspec.json.encode(facts).decode()


def capability_of(identifier: CapabilityId, facts: Frozen | None) -> Capability:
    """One capability by its facts; missing without them."""
    every = msgspec.structs.replace(CapabilityFacts(), **{identifier: facts})
    return next(row for row in capability_matrix(every) if row.id == identifier)


def recorded_matrix(evidence: Iterable[Evidence]) -> tuple[Capability, ...]:
    """The eight rows; none at all where no check of a real run looked at capabilities."""
    by_check = {item.check: item for item in evidence if item.mode == "real"}
    if not any(check_of(identifier) in by_check for identifier in CAPABILITIES):
        return ()
    return tuple(_row(identifier, by_check.get(check_of(identifier))) for identifier in CAPABILITIES)


def _row(identifier: CapabilityId, item: Evidence | None) -> Capability:
    facts = None if item is None else _facts(identifier, item)
    row = capability_of(identifier, facts)
    if facts is not None:
        return row
    why = _why(identifier, item) or row.reasons[0]
    return msgspec.structs.replace(row, status=Status.MISSING, reasons=(why,))


def _why(identifier: CapabilityId, item: Evidence | None) -> str:
    """Why there are no facts; empty where battery.toml names nothing to look at."""
    if item is None:
        return f"check {check_of(identifier)} did not run"
    if item.status != "measured":
        return f"check {item.check} {item.status}: {item.reason}"
    broken = [f"{proof.name}: {proof.detail}" for proof in item.proofs if not proof.ok]
    return item.facts.get(NOT_TRIED, "") or "; ".join(broken)


def _facts(identifier: CapabilityId, item: Evidence) -> Frozen | None:
    """The facts of measured evidence whose instrument proved itself; none where they cannot be read."""
    text = item.facts.get(FACT, "")
    if item.status != "measured" or not text or not all(proof.ok for proof in item.proofs):
        return None
    try:
        return msgspec.json.decode(text, type=_KINDS[identifier])
    except (msgspec.ValidationError, msgspec.DecodeError):
        return None
