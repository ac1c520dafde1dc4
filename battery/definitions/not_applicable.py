"""Scenarios, and parts of observability, that cannot apply to a target: their rules leave the gates, and the certificate names each of them."""

from collections.abc import Mapping

import msgspec

from battery.definitions.floor import in_words
from battery.definitions.gates import Gates
from battery.errors import DefinitionError
from battery.model.definition import NotApplicable
from battery.model.gate import Gate, Rule, RuleChange
from battery.model.observability import SCOPES, ObservabilityPart

_ALSO = {
    "restart": ("chaos.restart.dropped",),
    "dependency": ("chaos.breaker.defects", "chaos.breaker.trials"),
    "database": ("chaos.ready.lies",),
    "writes": ("chaos.writes.lost", "chaos.writes.stuck"),
    "drops": ("chaos.restart.dropped",),
}


def without_not_applicable(gates: Gates, reasons: Mapping[NotApplicable, str], file: str) -> Gates:
    """The gates without the rules of scenarios that battery.toml calls not applicable, each told as a change.

    Raises: DefinitionError when nothing of a gate would be left.
    """
    gone = {
        measure: reason
        for scenario, reason in reasons.items()
        for measure in (f"chaos.{scenario}.recovery", *_ALSO.get(scenario, ()))
    }
    return _without(gates, gone, file, "chaos.not_applicable")


def without_parts(gates: Gates, reasons: Mapping[ObservabilityPart, str], file: str) -> Gates:
    """The gates without the rules of parts of observability that battery.toml calls not applicable.

    Raises: DefinitionError when nothing of a gate would be left.
    """
    gone = {measure: reason for part, reason in reasons.items() for measure in SCOPES[part].measures}
    return _without(gates, gone, file, "observability.not_applicable")


def _without(gates: Gates, reasons: Mapping[str, str], file: str, key: str) -> Gates:
    """The gates without the rules on some measures; for each measure there is a reason."""
    kept: list[Gate] = []
    gone: list[RuleChange] = []
    for gate in gates.gates:
        left = [(rule, reasons.get(rule.measure, "")) for rule in gate.rule]
        gone += [_change(gate, rule, reason) for rule, reason in left if reason]
        rules = tuple(rule for rule, reason in left if not reason)
        if not rules:
            raise DefinitionError(file, f"leaves nothing of gate {gate.id}", key=key)
        kept.append(msgspec.structs.replace(gate, rule=rules))
    return msgspec.structs.replace(gates, gates=tuple(kept), changes=(*gates.changes, *gone))


def _change(gate: Gate, rule: Rule, reason: str) -> RuleChange:
    return RuleChange(
        rule=f"{gate.id}:{rule.id}", shipped=in_words(rule), used=f"not applicable: {reason}", loosened=True
    )
