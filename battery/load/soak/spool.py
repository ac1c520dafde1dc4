"""The spool: every second of a run on disk, so that memory stays flat and a killed run keeps what it saw."""

import hashlib
import os
from pathlib import Path
from types import TracebackType
from typing import IO, Self, TypeVar

import msgspec

from battery.errors import EvidenceCorrupt
from battery.load.resources import Usage
from battery.load.tally import Slice

_T = TypeVar("_T", Slice, Usage)


class Spool:
    """Two files of JSON lines in a folder: time slices, and readings of the target's resources."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._slices, self._usage = folder / "slices.ndjson", folder / "target.ndjson"
        self._files: dict[type, IO[bytes]] = {}
        self._hashes = {Slice: hashlib.sha256(), Usage: hashlib.sha256()}

    def __enter__(self) -> Self:
        """Open for appending."""
        self._files = {Slice: self._slices.open("ab"), Usage: self._usage.open("ab")}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close; the files stay."""
        for file in self._files.values():
            file.close()

    def add(self, item: Slice | Usage) -> None:
        """Append one second."""
        line = msgspec.json.encode(item) + b"\n"
        self._files[type(item)].write(line)
        self._files[type(item)].flush()
        self._hashes[type(item)].update(line)

    def sync(self) -> str:
        """See to it that all of it is on the disk; its digest."""
        for file in self._files.values():
            os.fsync(file.fileno())
        return f"{self._hashes[Slice].hexdigest()}:{self._hashes[Usage].hexdigest()}"

    def slices(self) -> list[Slice]:
        """Every time slice."""
        return _read(self._slices, Slice)

    def usage(self) -> list[Usage]:
        """Every reading."""
        return _read(self._usage, Usage)

    def raw(self) -> tuple[bytes, bytes]:
        """Both files as they are."""
        return self._slices.read_bytes(), self._usage.read_bytes()

    def begin(self, last: int = -1, digest: str = "") -> None:
        """Keep what was there up to a second, and forget the rest: the sitting that wrote it died before its next checkpoint.

        Raises: EvidenceCorrupt when what is kept is not what the checkpoint vouches for.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        for path, hashed in ((self._slices, self._hashes[Slice]), (self._usage, self._hashes[Usage])):
            kept = _kept(path, last)
            path.write_bytes(kept)
            hashed.update(kept)
        found = f"{self._hashes[Slice].hexdigest()}:{self._hashes[Usage].hexdigest()}"
        if digest and found != digest:
            raise EvidenceCorrupt(
                f"{self._folder}: the seconds on disk are not those that the checkpoint vouches for; start a new run"
            )


def _read(path: Path, kind: type[_T]) -> list[_T]:
    """The lines of a file; the last one may be torn.

    Raises: EvidenceCorrupt.
    """
    lines = path.read_bytes().split(b"\n")
    try:
        return [msgspec.json.decode(line, type=kind) for line in lines[:-1]]
    except msgspec.DecodeError as error:
        raise EvidenceCorrupt(f"{path}: a line is no second: {error}; start a new run") from error


class _Second(msgspec.Struct):
    """Just enough of a line to know its time."""

    second: int


def _kept(path: Path, last: int) -> bytes:
    """The whole lines up to a second, byte for byte."""
    if not path.exists():
        return b""
    kept = []
    for line in path.read_bytes().split(b"\n")[:-1]:
        try:
            second = msgspec.json.decode(line, type=_Second).second
        except msgspec.DecodeError:
            break  # nothing behind a broken line can be told apart from what it broke
        if second > last:
            break
        kept.append(line + b"\n")
    return b"".join(kept)
