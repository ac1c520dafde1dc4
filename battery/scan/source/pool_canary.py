"""Canaries: planted defects in a scratch folder beside the scan, which take the same way through walk, pool and engine."""

import contextlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from battery.model.frozen import Frozen
from battery.scan.interface import Canary, Found
from battery.scan.source.pool_messages import Piece
from battery.scan.source.tree import tree_of

_PREFIX = "battery-canary/"


class Plant(Frozen, frozen=True, kw_only=True):
    """What to plant: files with their texts, and for each canary's name the rule that has to speak in which file."""

    files: dict[str, str]
    expected: dict[str, tuple[str, str]]


@contextlib.contextmanager
def planted(plant: Plant) -> Iterator[tuple[Piece, ...]]:
    """The plant's files on disk, as pieces, for the time of the block."""
    with tempfile.TemporaryDirectory(prefix="battery-canary-") as folder:
        for name, text in plant.files.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        tree = tree_of(Path(folder))
        yield tuple(
            Piece(name=_PREFIX + file.name, size=file.size, file=file.path, cacheable=False)
            for file in tree.files
        )


def is_canary(name: str) -> bool:
    """Whether a piece was planted."""
    return name.startswith(_PREFIX)


def canaries(plant: Plant, found: Iterable[Found], unread: Mapping[str, str]) -> tuple[Canary, ...]:
    """Which of the planted defects were seen; for those that were not, what is known about why."""
    seen = {(item.where.removeprefix(_PREFIX), item.rule) for item in found}
    told = []
    for name, (file, rule) in plant.expected.items():
        if (file, rule) in seen:
            detail = f"{rule} found in the planted {file}"
        else:
            why = unread.get(_PREFIX + file, "the scanner read it and said nothing")
            detail = f"{rule} not found in the planted {file}: {why}"
        told.append(Canary(name=name, seen=(file, rule) in seen, detail=detail))
    return tuple(told)
