"""The gates: shipped ones, the user's own over them, and limits changed one by one."""

import difflib
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from battery.definitions.floor import changes, rules_by_id
from battery.definitions.shipped import shipped_folder, toml_files
from battery.definitions.toml_file import load
from battery.errors import DefinitionError
from battery.model.definition import GateChoice
from battery.model.frozen import Frozen
from battery.model.gate import Gate, Level, Rule, RuleChange
from battery.model.measure import Measure
from battery.model.plan import DefinitionFile

_LEVELS, _MEASURES = "levels.toml", "measures.toml"


class MeasuresFile(Frozen, frozen=True, kw_only=True):
    """measures.toml."""

    measure: tuple[Measure, ...]


class LevelsFile(Frozen, frozen=True, kw_only=True):
    """levels.toml."""

    level: Annotated[tuple[Level, ...], Meta(min_length=1)]


class Gates(Frozen, frozen=True, kw_only=True):
    """All that judging needs: gates, levels, the measures they may name, the files and their changes."""

    gates: tuple[Gate, ...]
    levels: tuple[Level, ...]
    measures: tuple[Measure, ...]
    files: tuple[DefinitionFile, ...]
    changes: tuple[RuleChange, ...]


def load_shipped() -> Gates:
    """The gates that came with this battery: the floor that a verifier starts from."""
    folder = shipped_folder("gates")
    gates, files = _gate_files(folder, shipped=True)
    levels, levels_digest = load(folder / _LEVELS, LevelsFile)
    measures, measures_digest = load(folder / _MEASURES, MeasuresFile)
    files += [
        DefinitionFile(name=f"gates/{_LEVELS}", sha256=levels_digest, shipped=True),
        DefinitionFile(name=f"gates/{_MEASURES}", sha256=measures_digest, shipped=True),
    ]
    _check_measures(gates, measures.measure, {})
    return Gates(
        gates=tuple(gate for gate, _ in gates),
        levels=levels.level,
        measures=measures.measure,
        files=tuple(files),
        changes=(),
    )


def load_gates(choice: GateChoice, base: Path) -> Gates:
    """The shipped gates with the user's own files and limits laid over them.

    Raises: DefinitionError for two gates with one id, an unknown measure, a wrong unit or an impossible limit.
    """
    shipped = load_shipped()
    own, files, measures = _own_files(choice, base)
    known = {measure.name: measure for measure in (*shipped.measures, *measures)}
    _check_measures(own, tuple(known.values()), {gate.id: path for gate, path in own})
    by_id = {gate.id: gate for gate in shipped.gates} | {gate.id: gate for gate, _ in own}
    gates = with_limits(tuple(by_id[key] for key in sorted(by_id)), choice.limit)
    return Gates(
        gates=gates,
        levels=shipped.levels,
        measures=tuple(known.values()),
        files=(*shipped.files, *files),
        changes=changes(shipped.gates, gates),
    )


def _own_files(
    choice: GateChoice, base: Path
) -> tuple[list[tuple[Gate, Path]], list[DefinitionFile], tuple[Measure, ...]]:
    if not choice.folder:
        return [], [], ()
    folder = base / choice.folder
    if (folder / _LEVELS).exists():
        raise DefinitionError(
            str(folder / _LEVELS),
            "levels cannot be changed: gold must mean the same everywhere",
            hint="remove it",
        )
    gates, files = _gate_files(folder, shipped=False)
    if not (folder / _MEASURES).exists():
        return gates, files, ()
    measures, digest = load(folder / _MEASURES, MeasuresFile)
    files.append(DefinitionFile(name=f"gates/{_MEASURES}", sha256=digest, shipped=False))
    return gates, files, measures.measure


def _gate_files(folder: Path, *, shipped: bool) -> tuple[list[tuple[Gate, Path]], list[DefinitionFile]]:
    gates: list[tuple[Gate, Path]] = []
    files = []
    seen: dict[str, Path] = {}
    for path in toml_files(folder):
        if path.name in (_LEVELS, _MEASURES):
            continue
        gate, digest = load(path, Gate)
        if gate.id in seen:
            raise DefinitionError(str(path), f'"{gate.id}" is defined in {seen[gate.id].name} too', key="id")
        seen[gate.id] = path
        _check_rules(gate, path)
        gates.append((gate, path))
        files.append(DefinitionFile(name=f"gates/{path.name}", sha256=digest, shipped=shipped))
    return gates, files


def _check_rules(gate: Gate, path: Path) -> None:
    names = [rule.id for rule in gate.rule]
    for index, rule in enumerate(gate.rule):
        key = f"rule[{index}]"
        if names.count(rule.id) > 1:
            raise DefinitionError(str(path), f'two rules have the id "{rule.id}"', key=f"{key}.id")
        _check_limit(rule, rule.limit, str(path), f"{key}.limit")


def _check_limit(rule: Rule, limit: float, file: str, key: str) -> None:
    possible = math.isfinite(limit) and (limit >= 0 or rule.unit == "ratio")
    if rule.unit == "%":
        possible = possible and limit <= 100
    if rule.unit == "bool":
        possible = limit in (0, 1)
    if not possible:
        expected = {"%": "a number from 0 to 100", "bool": "0 or 1"}.get(
            rule.unit, "a finite number of at least 0"
        )
        raise DefinitionError(file, f"{limit:g} {rule.unit} is impossible; expected {expected}", key=key)


def _check_measures(
    gates: Iterable[tuple[Gate, Path]], measures: tuple[Measure, ...], paths: dict[str, Path]
) -> None:
    known = {measure.name: measure for measure in measures}
    for gate, path in gates:
        file = str(paths.get(gate.id, path))
        for index, rule in enumerate(gate.rule):
            measure = known.get(rule.measure)
            if measure is None:
                close = difflib.get_close_matches(rule.measure, known, n=1)
                hint = (
                    f'did you mean "{close[0]}"?'
                    if close
                    else "declare it in a measures.toml beside the gate"
                )
                raise DefinitionError(
                    file, f'unknown measure "{rule.measure}"', key=f"rule[{index}].measure", hint=hint
                )
            if measure.unit != rule.unit:
                raise DefinitionError(
                    file,
                    f'wrong unit "{rule.unit}"; {measure.name} is measured in "{measure.unit}"',
                    key=f"rule[{index}].unit",
                )


def with_limits(
    gates: tuple[Gate, ...], limits: dict[str, float], file: str = "battery.toml", table: str = "gates.limit"
) -> tuple[Gate, ...]:
    """The gates with other limits for the named rules.

    Raises: DefinitionError for a rule that does not exist or a limit that cannot be.
    """
    known = rules_by_id(gates)
    for name, limit in limits.items():
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f'did you mean "{close[0]}"?' if close else 'name a rule as in "G1:coverage.line"'
            raise DefinitionError(file, "no such rule", key=f'{table}."{name}"', hint=hint)
        _check_limit(known[name], limit, file, f'{table}."{name}"')
    return tuple(
        msgspec.structs.replace(
            gate,
            rule=tuple(
                msgspec.structs.replace(rule, limit=limits.get(f"{gate.id}:{rule.id}", rule.limit))
                for rule in gate.rule
            ),
        )
        for gate in gates
    )
