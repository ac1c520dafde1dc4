"""What a verifier brings along: the pinned key, its own gates, and what it asks of the certificate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from battery.certificate.keys import PublicKey
from battery.model.gate import Gate, Level
from battery.model.plan import Subject
from battery.model.policy import DemandedLevel


@dataclass(frozen=True, kw_only=True)
class Demands:
    """Everything the steps compare with; None means that nobody asked. `shipped` holds this verifier's own
    definition files by name and sha256."""

    key: PublicKey
    now: datetime
    floor: tuple[Gate, ...]
    levels: tuple[Level, ...]
    shipped: Mapping[str, str] = field(default_factory=dict)
    accept_baseline: bool = False
    subject: Subject | None = None
    resource_uri: str | None = None
    environment: str | None = None
    nonce: str | None = None
    level: DemandedLevel | None = None
    waivers_allowed: int | None = None
    loosened_allowed: tuple[str, ...] = ()
    shipped_profiles: bool = False
    max_age: float | None = None
    evidence: Mapping[str, bytes] | None = None
    evidence_required: bool = False
    last_seen: datetime | None = None
    ledger: bytes | None = None
    checkpoint: bytes | None = None
