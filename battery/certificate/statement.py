"""The statement: a judged run as the in-toto statement that is signed. Pure: times and harness facts come in."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from battery.certificate import merkle
from battery.certificate.canonical import canonical
from battery.model.certificate import (
    BASELINE_TYPE,
    CERTIFICATE_TYPE,
    STATEMENT_TYPE,
    CapabilityRow,
    Checks,
    EvidenceItem,
    EvidenceList,
    InstrumentProof,
    PolicyUsed,
    Predicate,
    RunFacts,
    SignedSubject,
    Statement,
    TargetFacts,
    TargetIdentity,
    Verifier,
)
from battery.model.evidence import Evidence
from battery.model.plan import Plan
from battery.model.run import Run
from battery.readiness.capabilities.recorded import recorded_matrix

IDENTITY_BEFORE, IDENTITY_AFTER = "identity.before", "identity.after"
_MEDIA_TYPES = {"plan.json": "application/json", "evidence": "application/json"}


def make_statement(
    run: Run, items: Mapping[str, bytes], harness: Mapping[str, str], valid_until: datetime, previous: str
) -> Statement:
    """The statement about a run whose files are `items`; `previous` is the ledger's last certificate."""
    plan = run.plan
    return Statement(
        type_=STATEMENT_TYPE,
        subject=(SignedSubject(name=plan.subject.name, digest={"sha256": plan.subject.sha256}),),
        predicate_type=BASELINE_TYPE if run.is_baseline else CERTIFICATE_TYPE,
        predicate=Predicate(
            verifier=Verifier(name="hardening-battery", version=plan.battery),
            time_verified=run.finished,
            valid_until=valid_until,
            resource_uri=plan.definition.target.url,
            environment=plan.definition.target.environment,
            policy=PolicyUsed(files=plan.files, changes=plan.changes),
            verification_result=run.judgement.result,
            level=run.judgement.level,
            run=_run_facts(run, items["plan.json"], harness),
            gates=run.judgement.gates,
            checks=account_for_checks(plan, run.evidence),
            waivers=run.judgement.waivers,
            evidence=list_evidence(items),
            target=TargetFacts(identity=identity(run.evidence)),
            capabilities=capabilities(run.evidence),
            previous_certificate=previous,
        ),
    )


def account_for_checks(plan: Plan, evidence: tuple[Evidence, ...]) -> Checks:
    """Which planned checks ran and which did not."""
    ran = {item.check for item in evidence if item.status != "missing"}
    planned = tuple(check.id for check in plan.checks)
    left_out = tuple(check.id for check in plan.not_run)
    return Checks(
        planned=planned,
        executed=tuple(check for check in planned if check in ran),
        missing=tuple(check for check in planned if check not in ran),
        left_out=left_out,
        digest=digest_of_checks(planned, left_out),
    )


def digest_of_checks(planned: tuple[str, ...], left_out: tuple[str, ...]) -> str:
    """The digest of the check list."""
    return hashlib.sha256(canonical({"leftOut": left_out, "planned": planned})).hexdigest()


def list_evidence(items: Mapping[str, bytes]) -> EvidenceList:
    """Every file by digest, under one Merkle root."""
    listed = tuple(
        EvidenceItem(
            name=name,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            media_type=_MEDIA_TYPES.get(name.partition("/")[0], "application/octet-stream"),
        )
        for name, data in sorted(items.items())
    )
    return EvidenceList(merkle_root=root_of(listed), items=listed)


def root_of(items: tuple[EvidenceItem, ...]) -> str:
    """The RFC 6962 root over the canonical form of each listed item."""
    return merkle.root([canonical(item) for item in items])


def identity(evidence: tuple[Evidence, ...]) -> TargetIdentity:
    """What the target said it was, from the checks that asked."""
    facts = {name: value for item in evidence for name, value in item.facts.items()}
    return TargetIdentity(before=facts.get(IDENTITY_BEFORE, ""), after=facts.get(IDENTITY_AFTER, ""))


def capabilities(evidence: tuple[Evidence, ...]) -> tuple[CapabilityRow, ...]:
    """The capability matrix, from what the checks recorded and from nothing else."""
    return tuple(
        CapabilityRow(id=row.id, title=row.title, status=row.status.value, reasons=row.reasons)
        for row in recorded_matrix(evidence)
    )


def _run_facts(run: Run, plan: bytes, harness: Mapping[str, str]) -> RunFacts:
    return RunFacts(
        id=run.plan.run,
        mode=run.plan.mode,
        scenario=run.plan.scenario,
        intensity=run.plan.intensity,
        nonce=run.plan.nonce,
        seed=run.plan.seed,
        plan=hashlib.sha256(plan).hexdigest(),
        started=run.plan.created,
        finished=run.finished,
        harness=dict(harness),
        proofs=tuple(
            InstrumentProof(check=item.check, name=proof.name, ok=proof.ok, detail=proof.detail)
            for item in run.evidence
            for proof in item.proofs
        ),
    )
