"""The files of a gates folder: one a gate, measures.toml, and levels.toml among the shipped ones."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from battery.definitions.rules import check_rules
from battery.definitions.shipped import toml_files
from battery.definitions.toml_file import load
from battery.errors import DefinitionError
from battery.model.frozen import Frozen
from battery.model.gate import Gate, Level
from battery.model.measure import Measure
from battery.model.plan import DefinitionFile

LEVELS, MEASURES = "levels.toml", "measures.toml"


class MeasuresFile(Frozen, frozen=True, kw_only=True):
    """measures.toml."""

    measure: Annotated[tuple[Measure, ...], Meta(min_length=1)]


class LevelsFile(Frozen, frozen=True, kw_only=True):
    """levels.toml."""

    level: Annotated[tuple[Level, ...], Meta(min_length=1)]


@dataclass(frozen=True)
class GateFiles:
    """What a gates folder holds; `levels` is the path of a levels.toml in it."""

    gates: tuple[tuple[Path, Gate], ...]
    measures: tuple[Measure, ...]
    files: tuple[DefinitionFile, ...]
    levels: Path | None = None


def read_folder(folder: Path, *, shipped: bool) -> GateFiles:
    """Every gate and measure in the folder, each id once.

    Raises: DefinitionError.
    """
    gates: dict[str, tuple[Path, Gate]] = {}
    measures: tuple[Measure, ...] = ()
    files, levels = [], None
    for path in toml_files(folder):
        if path.name == LEVELS:
            levels = path
            continue
        if path.name == MEASURES:
            listed, digest = load(path, MeasuresFile)
            measures = listed.measure
            _check_unique([measure.name for measure in measures], path)
        else:
            gate, digest = load(path, Gate)
            if gate.id in gates:
                problem = f'"{gate.id}" is defined in {gates[gate.id][0].name} too'
                raise DefinitionError(str(path), problem, key="id")
            check_rules(gate, str(path))
            gates[gate.id] = (path, gate)
        files.append(DefinitionFile(name=f"gates/{path.name}", sha256=digest, shipped=shipped))
    return GateFiles(gates=tuple(gates.values()), measures=measures, files=tuple(files), levels=levels)


def read_levels(folder: Path) -> tuple[tuple[Level, ...], DefinitionFile]:
    """The levels, best first, and their file.

    Raises: DefinitionError.
    """
    levels, digest = load(folder / LEVELS, LevelsFile)
    return levels.level, DefinitionFile(name=f"gates/{LEVELS}", sha256=digest, shipped=True)


def _check_unique(names: list[str], path: Path) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise DefinitionError(str(path), f'"{name}" stands here already', key=f"measure[{index}].name")
