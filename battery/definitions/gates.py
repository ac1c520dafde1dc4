"""The gates: shipped ones, the user's own over them, and limits changed one by one."""

from pathlib import Path

from battery.definitions.floor import changes
from battery.definitions.gate_files import LEVELS, GateFiles, read_folder, read_levels
from battery.definitions.limits import with_limits
from battery.definitions.rules import check_measures
from battery.definitions.shipped import shipped_folder
from battery.errors import DefinitionError
from battery.model.definition import GateChoice
from battery.model.frozen import Frozen
from battery.model.gate import Gate, Level, RuleChange
from battery.model.measure import Measure
from battery.model.plan import DefinitionFile

__all__ = ["Gates", "load_gates", "load_shipped", "with_limits"]


class Gates(Frozen, frozen=True, kw_only=True):
    """All that judging needs: gates, levels, the measures they may name, the files and their changes."""

    gates: tuple[Gate, ...]
    levels: tuple[Level, ...]
    measures: tuple[Measure, ...]
    files: tuple[DefinitionFile, ...]
    changes: tuple[RuleChange, ...]
    own_measures: tuple[str, ...] = ()


def load_shipped() -> Gates:
    """The gates that came with this battery: the floor that a verifier starts from.

    Raises: DefinitionError when the installation is damaged.
    """
    folder = shipped_folder("gates")
    found = read_folder(folder, shipped=True)
    levels, file = read_levels(folder)
    for path, gate in found.gates:
        check_measures(gate, found.measures, str(path))
    return Gates(
        gates=tuple(gate for _, gate in found.gates),
        levels=levels,
        measures=found.measures,
        files=(*found.files, file),
        changes=(),
    )


def load_gates(choice: GateChoice, base: Path, file: str = "battery.toml") -> Gates:
    """The shipped gates with the user's own files and limits laid over them; `file` is where the limits stand.

    Raises: DefinitionError for two gates with one id, an unknown measure, a wrong unit or an impossible limit.
    """
    shipped = load_shipped()
    own = _own_files(choice, base, shipped.measures)
    measures = (*shipped.measures, *own.measures)
    for path, gate in own.gates:
        check_measures(gate, measures, str(path))
    by_id = {gate.id: gate for gate in shipped.gates} | {gate.id: gate for _, gate in own.gates}
    gates = with_limits(tuple(by_id[key] for key in sorted(by_id, key=_natural)), choice.limit, file)
    return Gates(
        gates=gates,
        levels=shipped.levels,
        measures=measures,
        files=(*shipped.files, *own.files),
        changes=changes(shipped.gates, gates),
        own_measures=tuple(measure.name for measure in own.measures),
    )


def _own_files(choice: GateChoice, base: Path, taken: tuple[Measure, ...]) -> GateFiles:
    if not choice.folder:
        return GateFiles(gates=(), measures=(), files=())
    folder = base / choice.folder
    own = read_folder(folder, shipped=False)
    if own.levels is not None:
        problem = "levels cannot be changed: gold must mean the same everywhere"
        raise DefinitionError(str(folder / LEVELS), problem, hint="remove it")
    shipped = {measure.name for measure in taken}
    for index, measure in enumerate(own.measures):
        if measure.name in shipped:
            problem = f'"{measure.name}" is one of the battery\'s own measures; give yours another name'
            raise DefinitionError(str(folder / "measures.toml"), problem, key=f"measure[{index}].name")
    return own


def _natural(gate: str) -> tuple[int, str]:
    """G2 before G10, G10 before G10a."""
    number = gate[1:].rstrip("abcdefghijklmnopqrstuvwxyz")
    return int(number), gate
