"""Step 15: the verdicts follow from what they show, and from the evidence itself where it is given."""

import hashlib
from collections.abc import Mapping
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from battery.certificate.statement import make_statement
from battery.certificate.strict_json import NotStrict, parse
from battery.certificate.verification.demands import Demands
from battery.certificate.verification.evidence import PLAN
from battery.certificate.verification.outcome import Outcome, Refusal
from battery.judging import judge
from battery.judging.case import WORST_FIRST
from battery.judging.comparison import holds
from battery.judging.judge import overall
from battery.judging.levels import best_level
from battery.model.certificate import Predicate, Statement
from battery.model.evidence import Evidence
from battery.model.plan import PLAN_FORMAT, Plan
from battery.model.run import Run
from battery.model.verdict import GateVerdict, RuleVerdict, Status
from battery.store import evidence_name
from battery.version import version

T = TypeVar("T")


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
    words = _recompute(statement, demands.evidence)
    return f"every verdict recomputed from the evidence{words}"


def _check_gate(gate: GateVerdict) -> None:
    statuses: list[Status] = [rule.status for rule in gate.rules]
    if gate.problems:
        statuses.append("undecided")
    if not gate.rules or min(statuses, key=WORST_FIRST.index) != gate.status:
        raise Refusal(
            Outcome.NOT_TRUSTED, f"the rules of {gate.gate} do not add up to its verdict {gate.status}"
        )
    for rule in gate.rules:
        if contradiction := _contradiction(rule):
            raise Refusal(Outcome.NOT_TRUSTED, f"{gate.gate}:{rule.rule} {contradiction}")


def _contradiction(rule: RuleVerdict) -> str:
    """How a row contradicts what it shows; empty when it does not."""
    if rule.waived and rule.status != "pass":
        return f"is waived, and {rule.status}"
    if rule.status == "undecided":
        return ""
    if rule.value is None:
        return f"says {rule.status} without a value"
    if rule.n is not None and rule.n < 1:
        return f"says {rule.status} on no samples"
    if rule.samples and (rule.n or 0) < rule.samples:
        return f"says {rule.status} on {rule.n or 0} samples and demands {rule.samples}"
    alone = holds(rule.value, rule.operator, rule.limit)
    # Waived findings are taken off a count, so only a plain value tells whether the row should have passed.
    if rule.waived or (rule.status == "fail" and rule.counts is not None):
        return ""
    if alone != (rule.status == "pass"):
        return f"says {rule.status}, but {rule.value:g} {rule.operator} {rule.limit:g} does {'' if alone else 'not '}hold"
    return ""


def _recompute(statement: Statement, items: Mapping[str, bytes]) -> str:
    """Judge the evidence again and make the statement again: it must be the signed one, field for field.

    Another version of the battery may word a reason otherwise: then all but the reasons must be the same, and the end
    of the step's sentence says so. Who signs says which version it was, and is believed in that as in the reasons.
    """
    predicate = statement.predicate
    plan = _decoded(items, PLAN, Plan)
    evidence = tuple(_read_evidence(items))
    if plan.format != PLAN_FORMAT:
        raise Refusal(
            Outcome.NOT_TRUSTED,
            f"{PLAN} is of format {plan.format}, this battery judges format {PLAN_FORMAT}",
        )
    # Before judging, which compares times: the signed ones are known to have a zone.
    if plan.waivers != tuple(use.waiver for use in predicate.waivers):
        raise Refusal(Outcome.NOT_TRUSTED, f"{PLAN} holds other waivers than the certificate")
    digest = hashlib.sha256(items[PLAN]).hexdigest()
    run = Run(
        folder="",
        plan=plan,
        evidence=evidence,
        judgement=judge(plan, digest, evidence, predicate.time_verified),
        finished=predicate.time_verified,
    )
    again = make_statement(
        run, items, predicate.run.harness, predicate.valid_until, predicate.previous_certificate
    )
    if again == statement:
        return ""
    if plan.battery != version() and _without_words(again) == _without_words(statement):
        return f"; the reasons are worded by battery {plan.battery}, which signed them"
    raise Refusal(Outcome.NOT_TRUSTED, _difference(again, statement))


def _without_words(statement: Statement) -> Statement:
    """The statement without the sentences that the battery's code words; how many there are stays."""
    predicate = statement.predicate
    gates = tuple(
        replace(
            gate,
            rules=tuple(replace(rule, reason="", next_step="") for rule in gate.rules),
            problems=("",) * len(gate.problems),
        )
        for gate in predicate.gates
    )
    rows = tuple(replace(row, title="", reasons=("",) * len(row.reasons)) for row in predicate.capabilities)
    waivers = tuple(replace(use, detail="") for use in predicate.waivers)
    bare = replace(predicate, gates=gates, capabilities=rows, waivers=waivers)
    return replace(statement, predicate=bare)


def _read_evidence(items: Mapping[str, bytes]) -> list[Evidence]:
    found = []
    for name in sorted(items):
        if not name.startswith("evidence/"):
            continue
        evidence = _decoded(items, name, Evidence)
        if evidence_name(evidence.check) != name:
            raise Refusal(Outcome.NOT_TRUSTED, f"{name} holds the evidence of {evidence.check}")
        for blob in evidence.blobs:
            data = items.get(f"blobs/{blob.sha256}")
            if data is None or hashlib.sha256(data).hexdigest() != blob.sha256:
                raise Refusal(Outcome.NOT_TRUSTED, f"{name} refers to blob {blob.sha256}, which is not there")
        found.append(evidence)
    return found


def _decoded(items: Mapping[str, bytes], name: str, kind: type[T]) -> T:
    try:
        return msgspec.convert(parse(items[name], case_twins=True), kind)
    except (NotStrict, msgspec.ValidationError) as error:
        raise Refusal(Outcome.NOT_TRUSTED, f"{name} cannot be read: {error}") from error


def _difference(again: Statement, signed: Statement) -> str:
    """Which part of the statement does not follow from the evidence."""
    for ours, theirs in zip(again.predicate.gates, signed.predicate.gates, strict=False):
        if ours != theirs:
            return f"{theirs.gate} recomputed from the evidence is {ours.status}, or differs"
    parts = [
        name
        for name in Predicate.__struct_fields__
        if getattr(again.predicate, name) != getattr(signed.predicate, name)
    ]
    return f"{', '.join(parts) or 'the subject'} recomputed from the evidence differs from what was signed"
