"""Scenarios that cannot apply to a target: their rules leave the gates, and the certificate names each of them."""

from collections.abc import Mapping

import msgspec

from battery.definitions.floor import in_words
from battery.definitions.gates import Gates
from battery.errors import DefinitionError
from battery.model.definition import NotApplicable
from battery.model.gate import Gate, Rule, RuleChange

_ALSO = {
    "restart": ("chaos.restart.dropped",),
    "dependency": ("chaos.breaker.defects",),
    "database": ("chaos.ready.lies",),
    "writes": ("chaos.writes.lost",),
}


def without_not_applicable(gates: Gates, reasons: Mapping[NotApplicable, str], file: str) -> Gates:
    """The gates without the rules of scenarios that battery.toml calls not applicable, each told as a change.

    Raises: DefinitionError when nothing of a gate would be left.
    """
    kept: list[Gate] = []
    gone: list[RuleChange] = []
    for gate in gates.gates:
        left = [(rule, _reason(rule, reasons)) for rule in gate.rule]
        gone += [_change(gate, rule, reason) for rule, reason in left if reason]
        rules = tuple(rule for rule, reason in left if not reason)
        if not rules:
            raise DefinitionError(file, f"leaves nothing of gate {gate.id}", key="chaos.not_applicable")
        kept.append(msgspec.structs.replace(gate, rule=rules))
    return msgspec.structs.replace(gates, gates=tuple(kept), changes=(*gates.changes, *gone))


def _reason(rule: Rule, reasons: Mapping[NotApplicable, str]) -> str:
    for scenario, reason in reasons.items():
        if rule.measure in (f"chaos.{scenario}.recovery", *_ALSO.get(scenario, ())):
            return reason
    return ""


def _change(gate: Gate, rule: Rule, reason: str) -> RuleChange:
    return RuleChange(
        rule=f"{gate.id}:{rule.id}", shipped=in_words(rule), used=f"not applicable: {reason}", loosened=True
    )
