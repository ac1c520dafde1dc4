"""The spool: every second of a run on disk, so that memory stays flat and a killed run keeps what it saw."""

from pathlib import Path
from types import TracebackType
from typing import IO, Self, TypeVar

import msgspec

from battery.load.resources import Usage
from battery.load.tally import Slice

_T = TypeVar("_T", Slice, Usage)


class Spool:
    """Two files of JSON lines in a folder: time slices, and readings of the target's resources."""

    def __init__(self, folder: Path) -> None:
        self._paths = {Slice: folder / "slices.ndjson", Usage: folder / "target.ndjson"}
        self._files: dict[type, IO[bytes]] = {}

    def __enter__(self) -> Self:
        """Open for appending."""
        for kind, path in self._paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._files[kind] = path.open("ab")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close; the files stay."""
        for file in self._files.values():
            file.close()

    def add(self, item: Slice | Usage) -> None:
        """Append one second."""
        file = self._files[type(item)]
        file.write(msgspec.json.encode(item) + b"\n")
        file.flush()

    def slices(self) -> list[Slice]:
        """Every time slice."""
        return _read(self._paths[Slice], Slice)

    def usage(self) -> list[Usage]:
        """Every reading."""
        return _read(self._paths[Usage], Usage)

    def raw(self) -> tuple[bytes, bytes]:
        """Both files as they are."""
        return self._paths[Slice].read_bytes(), self._paths[Usage].read_bytes()

    def cut(self, last: int) -> None:
        """Forget what came after a second: the sitting that wrote it died before its next checkpoint."""
        _cut(self._paths[Slice], Slice, last)
        _cut(self._paths[Usage], Usage, last)


def _read(path: Path, kind: type[_T]) -> list[_T]:
    """The lines of a file; the last one may be torn."""
    lines = path.read_bytes().split(b"\n")
    return [msgspec.json.decode(line, type=kind) for line in lines[:-1]]


def _cut(path: Path, kind: type[_T], last: int) -> None:
    kept = _read(path, kind) if path.exists() else []
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(msgspec.json.encode(item) + b"\n" for item in kept if item.second <= last))
