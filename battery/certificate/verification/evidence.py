"""Step 14: the evidence is the signed evidence, all of it and nothing else."""

import hashlib

from battery.certificate.statement import root_of
from battery.certificate.verification.demands import Demands
from battery.certificate.verification.outcome import NotAsked, Outcome, Refusal
from battery.model.certificate import EvidenceItem, Statement

PLAN = "plan.json"


def check_evidence(statement: Statement, demands: Demands) -> str:
    """14: every signed item is there, has its digest, and nothing else is."""
    signed = _listed(statement)
    if demands.evidence is None:
        if demands.evidence_required:
            raise Refusal(
                Outcome.NOT_TRUSTED, "the policy demands the evidence; give the run folder with --evidence"
            )
        raise NotAsked(f"{len(signed)} items are listed; --evidence RUN compares them with the files")
    _compare_names(set(signed), set(demands.evidence))
    for name, item in signed.items():
        data = demands.evidence[name]
        if hashlib.sha256(data).hexdigest() != item.sha256 or len(data) != item.size:
            raise Refusal(Outcome.NOT_TRUSTED, f"{name} is not the file that was signed")
    return f"all {len(signed)} items unchanged, none extra"


def _listed(statement: Statement) -> dict[str, EvidenceItem]:
    """The signed list by name, once it agrees with itself."""
    listed = statement.predicate.evidence
    signed = {item.name: item for item in listed.items}
    if len(signed) != len(listed.items):
        raise Refusal(Outcome.NOT_TRUSTED, "an evidence item is listed twice")
    if root_of(listed.items) != listed.merkle_root:
        raise Refusal(Outcome.NOT_TRUSTED, "the list of evidence does not have the signed Merkle root")
    if PLAN not in signed or signed[PLAN].sha256 != statement.predicate.run.plan:
        raise Refusal(Outcome.NOT_TRUSTED, "the list of evidence does not hold the plan of the signed run")
    return signed


def _compare_names(signed: set[str], given: set[str]) -> None:
    if missing := sorted(signed - given):
        raise Refusal(
            Outcome.NOT_TRUSTED, f"{missing[0]} is missing from the run folder ({len(missing)} in all)"
        )
    if extra := sorted(given - signed):
        raise Refusal(Outcome.NOT_TRUSTED, f"{extra[0]} was added to the run folder ({len(extra)} in all)")
