"""One instrument's own verdict: only the rules that its planned checks promised to feed. Pure."""

import msgspec

from battery.judging.case import WORST_FIRST
from battery.model.gate import Gate
from battery.model.plan import ALWAYS, Plan
from battery.model.verdict import Judgement, RuleVerdict, Status


def promised_rules(plan: Plan, judgement: Judgement, instrument: str) -> tuple[tuple[str, RuleVerdict], ...]:
    """(gate, verdict) of each rule whose measure a planned check of the instrument promised."""
    promised = {
        measure for check in plan.checks if check.instrument == instrument for measure in check.measures
    }
    return tuple(
        (gate.gate, rule) for gate in judgement.gates for rule in gate.rules if rule.measure in promised
    )


def promised_gates(plan: Plan) -> tuple[Gate, ...]:
    """The gates with only those rules whose measures a planned check promises; all of them where none is promised."""
    promised = {measure for check in plan.checks for measure in check.measures}
    kept = [
        msgspec.structs.replace(gate, rule=rules)
        for gate in plan.gates
        if (rules := tuple(rule for rule in gate.rule if rule.measure in promised))
    ]
    return tuple(kept) or plan.gates


def instrument_status(plan: Plan, judgement: Judgement, instrument: str) -> Status:
    """The worst of those rules; undecided where there is none, or where a check of the instrument did not deliver.

    So did the looks at the target: what was measured on a target that changed meanwhile says nothing.
    """
    statuses = [rule.status for _, rule in promised_rules(plan, judgement, instrument)]
    checks = {check.id for check in plan.checks if check.instrument in (instrument, ALWAYS)}
    problems = [problem for gate in judgement.gates for problem in gate.problems]
    if not statuses or any(problem.startswith(f"check {check} ") for check in checks for problem in problems):
        statuses.append("undecided")
    return min(statuses, key=WORST_FIRST.index)
