"""Rules that are judged only where battery.toml asks for them: a floor for each package, capabilities that must be complete."""

from collections.abc import Iterator

import msgspec

from battery.definitions.gates import Gates
from battery.model.definition import Definition
from battery.model.gate import Gate, Rule


def with_asked_rules(gates: Gates, definition: Definition) -> Gates:
    """The gates with a rule for each thing that battery.toml asks to be judged."""
    asked = tuple(_asked(definition))
    return msgspec.structs.replace(gates, gates=tuple(_extended(gate, asked) for gate in gates.gates))


def _asked(definition: Definition) -> Iterator[tuple[str, Rule]]:
    if definition.source and definition.source.package_floor:
        yield "G1", _floor(definition.source.package_floor)
    for name in dict.fromkeys(definition.capabilities.required):
        yield "G6", _complete(name)


def _floor(percent: float) -> Rule:
    return Rule(
        id="coverage.package.least",
        measure="coverage.package.least",
        operator=">=",
        limit=percent,
        unit="%",
        why="battery.toml sets this floor: a package without tests hides behind the others' numbers.",
        next_step="The measure's note names the package; list its uncovered lines in the report and test them.",
    )


def _complete(name: str) -> Rule:
    return Rule(
        id=f"capabilities.{name}",
        measure=f"capabilities.{name}",
        operator="==",
        limit=1,
        unit="bool",
        why="battery.toml requires this capability to be complete.",
        next_step="The capability matrix in the report lists what did not hold and what nobody could tell.",
    )


def _extended(gate: Gate, asked: tuple[tuple[str, Rule], ...]) -> Gate:
    """The gate with its rules; one of the user's own that has the name already stays."""
    known = {rule.id for rule in gate.rule}
    added = tuple(rule for name, rule in asked if name == gate.id and rule.id not in known)
    return msgspec.structs.replace(gate, rule=(*gate.rule, *added))
