"""Absence: which checks did not deliver what a gate needs. What is absent never passes."""

from collections.abc import Iterable

from battery.judging.case import Case
from battery.judging.doubt import counted
from battery.model.evidence import Evidence
from battery.model.gate import Gate, Rule
from battery.model.plan import PlannedCheck


def problems(case: Case, gate: Gate) -> Iterable[str]:
    """What each check that concerns the gate failed to deliver."""
    judged = {rule.measure for rule in gate.rule}

    def concerns(check: PlannedCheck) -> bool:
        return gate.id in check.gates or not judged.isdisjoint(check.measures)

    for check in filter(concerns, case.plan.checks):
        found = case.of(check.id)
        if not found:
            yield f"check {check.id} was planned and did not run"
        for item in found:
            yield from _shortcomings(case, gate, check, item)
    for check in filter(concerns, case.plan.not_run):
        yield f"check {check.id} was left out of this run (--only, --profiles)"


def why_absent(case: Case, gate: Gate, rule: Rule) -> str:
    """Why no evidence speaks about the rule."""
    planned = [check for check in case.plan.checks if rule.measure in check.measures]
    if planned:
        return "; ".join(dict.fromkeys(_what_became(case, check.id, rule.measure) for check in planned))
    left_out = [check.id for check in case.plan.not_run if rule.measure in check.measures]
    if left_out:
        return f"left out of this run (--only, --profiles): {', '.join(left_out)}"
    return f"no check measures {rule.measure}: this version has no {gate.instrument} instrument for it"


def _shortcomings(case: Case, gate: Gate, check: PlannedCheck, item: Evidence) -> Iterable[str]:
    if foreign := case.foreign(item):
        yield f"check {check.id} is not evidence of this run: {foreign}"
    if item.status != "measured":
        yield f"check {check.id} {item.status}: {item.reason}"
        return
    for proof in item.proofs:
        if not proof.ok:
            yield f"check {check.id} is invalid: {proof.name}: {proof.detail}"
    recorded = {measurement.name for measurement in item.measures}
    for name in dict.fromkeys(rule.measure for rule in gate.rule):
        if name in check.measures and name not in recorded and _stands(case, name):
            yield f"check {check.id} promised {name} and did not record it"
    for rule in gate.rule:
        if rule.measure not in recorded and (listed := counted(rule, item)):
            yield f"check {check.id} lists {len(listed)} {rule.counts} findings that {rule.measure} does not count"


def _stands(case: Case, measure: str) -> bool:
    """Whether another check recorded the measure; where none did, the rule itself says so."""
    return any(
        each.name == measure for item in case.evidence if item.status == "measured" for each in item.measures
    )


def _because(item: Evidence) -> str:
    """What the evidence itself says of why something is absent from it."""
    if "ended early" in item.facts:
        return f": it ended early, for {item.facts['ended early']}"
    return next((f": {proof.name}: {proof.detail}" for proof in item.proofs if not proof.ok), "")


def _what_became(case: Case, check: str, measure: str) -> str:
    found = case.of(check)
    if not found:
        return f"check {check} was planned and did not run"
    worst = next((item for item in found if item.status != "measured"), found[0])
    if worst.status == "measured" and measure in worst.facts:
        return f"check {check} could not tell: {worst.facts[measure]}{_because(worst)}"
    if worst.status == "measured":
        return f"check {check} ran and did not record it{_because(worst)}"
    return f"check {check} {worst.status}: {worst.reason}"
