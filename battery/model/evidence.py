"""The evidence: what one check recorded, and whether its instrument proved itself."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from battery.model.finding import Finding
from battery.model.frozen import Frozen
from battery.model.measure import Measurement

Mode = Literal["real", "baseline"]
Sha256 = Annotated[
    str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)", title="sha256", description="64 lower-case hex digits")
]
CheckStatus = Literal["measured", "skipped", "errored", "missing"]


class BlobRef(Frozen, frozen=True, kw_only=True):
    """A raw file kept by its digest."""

    name: str
    sha256: Sha256
    size: int
    media_type: str


class Proof(Frozen, frozen=True, kw_only=True):
    """One statement about the instrument itself; a proof that fails makes its evidence invalid."""

    name: str
    ok: bool
    detail: str


class Evidence(Frozen, frozen=True, kw_only=True):
    """What one check recorded. Only `measured` evidence with proofs that hold can let a rule pass."""

    check: str
    mode: Mode
    plan: str
    gates: tuple[str, ...]
    status: CheckStatus
    reason: str = ""
    started: datetime
    seconds: float
    measures: tuple[Measurement, ...] = ()
    findings: tuple[Finding, ...] = ()
    proofs: tuple[Proof, ...] = ()
    facts: dict[str, str] = {}
    blobs: tuple[BlobRef, ...] = ()
