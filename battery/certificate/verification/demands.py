"""What a verifier brings along: the pinned key, its own gates, and what it asks of the certificate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from battery.certificate.keys import PublicKey
from battery.model.gate import Gate, Level, LevelId
from battery.model.plan import Subject


@dataclass(frozen=True, kw_only=True)
class Demands:
    """Everything the steps compare with; None means that nobody asked."""

    key: PublicKey
    now: datetime
    floor: tuple[Gate, ...]
    levels: tuple[Level, ...]
    accept_baseline: bool = False
    subject: Subject | None = None
    resource_uri: str | None = None
    environment: str | None = None
    nonce: str | None = None
    level: LevelId | None = None
    waivers_allowed: int | None = None
    loosened_allowed: tuple[str, ...] = ()
    max_age: float | None = None
    evidence: Mapping[str, bytes] | None = None
    evidence_required: bool = False
    last_seen: datetime | None = None
    ledger: bytes | None = None
    checkpoint: bytes | None = None
