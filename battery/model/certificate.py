"""The certificate: an in-toto statement about a run, field by field as it is signed."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from battery.model.definition import Intensity
from battery.model.evidence import Mode
from battery.model.frozen import Frozen
from battery.model.gate import LevelId, RuleChange
from battery.model.plan import DefinitionFile, Scenario
from battery.model.verdict import GateVerdict, Result
from battery.model.waiver import WaiverUse

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
CERTIFICATE_TYPE = "urn:hardening-battery:certificate:v1"
BASELINE_TYPE = "urn:hardening-battery:baseline:v1"

Instant = Annotated[datetime, Meta(tz=True, title="instant", description="a time with its zone")]


class Signed(Frozen, frozen=True, kw_only=True, rename="camel"):
    """A part of the statement, camel-cased on the wire as in-toto is."""


class SignedSubject(Signed, frozen=True, kw_only=True):
    """What the certificate speaks about, by exactly one sha256."""

    name: str
    digest: dict[str, str]


class Verifier(Signed, frozen=True, kw_only=True):
    """Who judged."""

    name: str
    version: str


class PolicyUsed(Signed, frozen=True, kw_only=True):
    """The definitions that judged, by digest, and the rules that differ from the shipped ones."""

    files: tuple[DefinitionFile, ...]
    changes: tuple[RuleChange, ...]


class InstrumentProof(Signed, frozen=True, kw_only=True):
    """A proof that an instrument worked, or did not."""

    check: str
    name: str
    ok: bool
    detail: str


class RunFacts(Signed, frozen=True, kw_only=True):
    """The run behind the certificate."""

    id: str
    mode: Mode
    scenario: Scenario
    intensity: Intensity
    nonce: str
    seed: int
    plan: str
    started: Instant
    finished: Instant
    harness: dict[str, str]
    proofs: tuple[InstrumentProof, ...]


class Checks(Signed, frozen=True, kw_only=True):
    """Which checks were planned, ran, are missing, or were left out on request."""

    planned: tuple[str, ...]
    executed: tuple[str, ...]
    missing: tuple[str, ...]
    left_out: tuple[str, ...]
    digest: str


class EvidenceItem(Signed, frozen=True, kw_only=True):
    """One file that the certificate vouches for."""

    name: str
    sha256: str
    size: int
    media_type: str


class EvidenceList(Signed, frozen=True, kw_only=True):
    """Every file of the run, under one RFC 6962 root."""

    merkle_root: str
    items: tuple[EvidenceItem, ...]


class TargetIdentity(Signed, frozen=True, kw_only=True):
    """What the target said it was, before and after; empty where battery.toml names no identity."""

    before: str
    after: str


class CapabilityRow(Signed, frozen=True, kw_only=True):
    """One capability as the recorded facts tell it; `reasons` keep it from being complete."""

    id: str
    title: str
    status: Literal["COMPLETE", "PARTIAL", "MISSING"]
    reasons: tuple[str, ...]


class TargetFacts(Signed, frozen=True, kw_only=True):
    """What was attacked."""

    identity: TargetIdentity


class Predicate(Signed, frozen=True, kw_only=True):
    """What the battery states about the subject."""

    verifier: Verifier
    time_verified: Instant
    valid_until: Instant
    resource_uri: str
    environment: str
    policy: PolicyUsed
    verification_result: Result
    level: LevelId
    run: RunFacts
    gates: tuple[GateVerdict, ...]
    checks: Checks
    waivers: tuple[WaiverUse, ...]
    evidence: EvidenceList
    target: TargetFacts
    capabilities: tuple[CapabilityRow, ...] = ()
    previous_certificate: str


class Statement(
    Frozen, frozen=True, kw_only=True, rename={"type_": "_type", "predicate_type": "predicateType"}
):
    """The in-toto statement: subject, predicate type and predicate."""

    type_: str
    subject: tuple[SignedSubject, ...]
    predicate_type: str
    predicate: Predicate

    @property
    def is_baseline(self) -> bool:
        """Whether its type or its run says that the evidence is placeholder evidence; in doubt, yes."""
        return self.predicate_type == BASELINE_TYPE or self.predicate.run.mode == "baseline"
