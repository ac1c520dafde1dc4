"""Steps 14 and 15: the evidence is the signed evidence, and the verdicts follow from it."""

import hashlib
from collections.abc import Mapping

import msgspec

from battery.certificate.statement import root_of
from battery.certificate.verification.demands import Demands
from battery.certificate.verification.outcome import NotAsked, Outcome, Refusal
from battery.judging import judge
from battery.judging.judge import overall
from battery.judging.levels import best_level
from battery.judging.rules import WORST_FIRST
from battery.model.certificate import Statement
from battery.model.evidence import Evidence
from battery.model.plan import Plan
from battery.model.verdict import GateVerdict


def check_evidence(statement: Statement, demands: Demands) -> str:
    """14: every signed item is there, has its digest, and nothing else is."""
    listed = statement.predicate.evidence
    if not listed.items or root_of(listed.items) != listed.merkle_root:
        raise Refusal(Outcome.NOT_TRUSTED, "the list of evidence does not have the signed Merkle root")
    if demands.evidence is None:
        if demands.evidence_required:
            raise Refusal(
                Outcome.NOT_TRUSTED, "the policy demands the evidence; give the run folder with --evidence"
            )
        raise NotAsked(f"{len(listed.items)} items are listed; --evidence RUN compares them with the files")
    signed = {item.name: item for item in listed.items}
    if len(signed) != len(listed.items):
        raise Refusal(Outcome.NOT_TRUSTED, "an evidence item is listed twice")
    _compare_names(set(signed), set(demands.evidence))
    for name, item in signed.items():
        data = demands.evidence[name]
        if hashlib.sha256(data).hexdigest() != item.sha256 or len(data) != item.size:
            raise Refusal(Outcome.NOT_TRUSTED, f"{name} is not the file that was signed")
    return f"all {len(signed)} items unchanged, none extra"


def check_verdicts(statement: Statement, demands: Demands) -> str:
    """15: result, level and gates follow from the rules; from the evidence itself where it is given."""
    predicate = statement.predicate
    for gate in predicate.gates:
        _check_gate(gate)
    result = overall(predicate.gates, predicate.waivers)
    if result != predicate.verification_result:
        raise Refusal(Outcome.NOT_TRUSTED, f"the gates add up to {result}, not to the signed result")
    level, _ = best_level(demands.levels, predicate.gates, predicate.run.mode, predicate.run.intensity)
    if level != predicate.level:
        raise Refusal(
            Outcome.NOT_TRUSTED, f"the gates earn level {level}, the certificate says {predicate.level}"
        )
    if demands.evidence is None:
        return "result and level follow from the signed rules"
    _recompute(statement, demands.evidence)
    return "every verdict recomputed from the evidence"


def _compare_names(signed: set[str], given: set[str]) -> None:
    if missing := sorted(signed - given):
        raise Refusal(
            Outcome.NOT_TRUSTED, f"{missing[0]} is missing from the run folder ({len(missing)} in all)"
        )
    if extra := sorted(given - signed):
        raise Refusal(Outcome.NOT_TRUSTED, f"{extra[0]} was added to the run folder ({len(extra)} in all)")


def _check_gate(gate: GateVerdict) -> None:
    statuses = [rule.status for rule in gate.rules] + (["undecided"] if gate.problems else [])
    if not gate.rules or min(statuses, key=WORST_FIRST.index) != gate.status:
        raise Refusal(
            Outcome.NOT_TRUSTED, f"the rules of {gate.gate} do not add up to its verdict {gate.status}"
        )
    for rule in gate.rules:
        if rule.status == "pass" and rule.value is None and not rule.waived:
            raise Refusal(Outcome.NOT_TRUSTED, f"{gate.gate}:{rule.rule} passes without a value")


def _recompute(statement: Statement, items: Mapping[str, bytes]) -> None:
    predicate = statement.predicate
    try:
        plan = msgspec.json.decode(items.get("plan.json", b""), type=Plan)
        recorded = tuple(
            msgspec.json.decode(data, type=Evidence)
            for name, data in sorted(items.items())
            if name.startswith("evidence/")
        )
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(Outcome.NOT_TRUSTED, f"the evidence cannot be read: {error}") from error
    digest = hashlib.sha256(items["plan.json"]).hexdigest()
    _compare_plan(statement, plan, digest)
    judgement = judge(plan, digest, recorded, predicate.time_verified)
    for ours, signed in zip(judgement.gates, predicate.gates, strict=False):
        if ours != signed:
            raise Refusal(
                Outcome.NOT_TRUSTED,
                f"{signed.gate} recomputed from the evidence is {ours.status}, or differs",
            )
    if (judgement.result, judgement.level, judgement.waivers, len(judgement.gates)) != (
        predicate.verification_result,
        predicate.level,
        predicate.waivers,
        len(predicate.gates),
    ):
        raise Refusal(Outcome.NOT_TRUSTED, "the evidence leads to another result than the signed one")


def _compare_plan(statement: Statement, plan: Plan, digest: str) -> None:
    """The plan in the folder is the plan that was certified."""
    predicate = statement.predicate
    signed = (
        (digest, predicate.run.plan),
        (plan.run, predicate.run.id),
        (plan.mode, predicate.run.mode),
        (plan.intensity, predicate.run.intensity),
        (plan.nonce, predicate.run.nonce),
        (plan.subject.sha256, statement.subject[0].digest["sha256"]),
        (plan.definition.target.url, predicate.resource_uri),
        (plan.definition.target.environment, predicate.environment),
        (plan.files, predicate.policy.files),
        (plan.changes, predicate.policy.changes),
        (tuple(check.id for check in plan.checks), predicate.checks.planned),
        (tuple(check.id for check in plan.not_run), predicate.checks.left_out),
    )
    for ours, theirs in signed:
        if ours != theirs:
            raise Refusal(
                Outcome.NOT_TRUSTED,
                f"plan.json says {str(ours)[:80]}, the certificate says {str(theirs)[:80]}",
            )
