"""What the command of any instrument tells of its run: rules, proofs, next steps, JSON, the exit code."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from battery.cli.output import say

if TYPE_CHECKING:
    from battery.model.run import Run

EXITS = {"pass": 0, "fail": 1, "undecided": 2}


def tell_result(result: "Run", instrument: str, status: str, shown: Callable[[str], bool]) -> None:
    """Each judged rule with its next step, what was not proven, and the facts that `shown` chooses by name."""
    from battery.judging.instrument import promised_rules
    from battery.report.next_step import rule_step

    for gate, rule in promised_rules(result.plan, result.judgement, instrument):
        say(f"{gate}:{rule.rule}  {rule.status}  {rule.reason}")
        if rule.status != "pass":
            say(f"    next step: {rule_step(result, rule)}")
    for item in result.evidence:
        for proof in item.proofs:
            if not proof.ok:
                say(f"NOT PROVEN  {item.check}: {proof.name}: {proof.detail}")
        for name, text in item.facts.items():
            if shown(name):
                say(f"{name.upper()}  {item.check}: {text}")
    say(f"{status.upper()}: evidence in {result.folder}")


def as_json(result: "Run", instrument: str, status: str) -> dict[str, object]:
    """The same for machines."""
    from battery.judging.instrument import promised_rules

    rules = promised_rules(result.plan, result.judgement, instrument)
    return {
        "run": result.folder,
        "status": status,
        "exit": EXITS[status],
        "rules": [{"gate": gate, "verdict": rule} for gate, rule in rules],
        "proofs": {item.check: item.proofs for item in result.evidence},
        "facts": {item.check: item.facts for item in result.evidence if item.facts},
    }
