"""The gates that rules stand in."""

from collections.abc import Iterable

from battery.definitions.gates import load_shipped


def gates_of(rules: Iterable[str]) -> tuple[str, ...]:
    """The ids of the gates, in order."""
    wanted = set(rules)
    return tuple(gate.id for gate in load_shipped().gates if wanted & {rule.id for rule in gate.rule})
