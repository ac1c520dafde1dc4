"""Limits: other numbers for single rules, "G2:load.p1.p99" = 300."""

from collections.abc import Mapping

import msgspec

from battery.definitions.explaining import suggestion
from battery.definitions.floor import rules_by_id
from battery.definitions.rules import check_bound, check_limit
from battery.definitions.spelling import shown
from battery.errors import DefinitionError
from battery.model.gate import Gate


def with_limits(
    gates: tuple[Gate, ...],
    limits: Mapping[str, float],
    file: str = "battery.toml",
    table: str = "gates.limit",
) -> tuple[Gate, ...]:
    """The gates with other limits for the named rules.

    Raises: DefinitionError for a rule that does not exist or a limit that cannot be.
    """
    known = rules_by_id(gates)
    for name, limit in limits.items():
        key = f"{table}.{shown(name)}"
        if name not in known:
            hint = suggestion(name, known) or 'name a rule as in "G1:coverage.line"'
            raise DefinitionError(file, "no such rule", key=key, hint=hint)
        check_limit(known[name], limit, file, key)
        check_bound(msgspec.structs.replace(known[name], limit=limit), file, key)
    return tuple(_limited(gate, limits) for gate in gates)


def _limited(gate: Gate, limits: Mapping[str, float]) -> Gate:
    rules = tuple(
        msgspec.structs.replace(rule, limit=limits.get(f"{gate.id}:{rule.id}", rule.limit))
        for rule in gate.rule
    )
    return msgspec.structs.replace(gate, rule=rules)
