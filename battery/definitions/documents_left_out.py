"""Documents that cannot apply to a target: their rules leave G8, and the certificate names each of them."""

from collections.abc import Iterator

import msgspec

from battery.definitions.floor import in_words
from battery.definitions.gates import Gates
from battery.model.gate import Gate, Rule, RuleChange
from battery.model.target import DOCS_MEASURES, Docs


def without_documents(gates: Gates, docs: Docs | None) -> Gates:
    """The gates without the rules of documents that battery.toml calls not applicable, each told as a change."""
    reasons = {DOCS_MEASURES[part]: reason for part, reason in docs.not_applicable.items()} if docs else {}
    gone = tuple(change for gate in gates.gates for change in _changes(gate, reasons))
    kept = tuple(_left(gate, reasons) for gate in gates.gates)
    return msgspec.structs.replace(gates, gates=kept, changes=(*gates.changes, *gone))


def _left(gate: Gate, reasons: dict[str, str]) -> Gate:
    rules = tuple(rule for rule in gate.rule if rule.measure not in reasons)
    return msgspec.structs.replace(gate, rule=rules)


def _changes(gate: Gate, reasons: dict[str, str]) -> Iterator[RuleChange]:
    for rule in gate.rule:
        if rule.measure in reasons:
            yield _change(gate, rule, reasons[rule.measure])


def _change(gate: Gate, rule: Rule, reason: str) -> RuleChange:
    return RuleChange(
        rule=f"{gate.id}:{rule.id}", shipped=in_words(rule), used=f"not applicable: {reason}", loosened=True
    )
