"""The digest of content: of files and folders as they lie on disk, or what a command of the user's prints."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from battery.readiness.snapshots.errors import DrillStopped

EMPTY = "nothing is there"
_MOST_BYTES, _CHUNK = 16 * 2**30, 2**20


def digest_of(places: Iterable[Path]) -> str:
    """One sha256 over the names and bytes of every file; the word for nothing where no place exists.

    Raises: DrillStopped when something cannot be read.
    """
    whole, files, room = hashlib.sha256(), 0, _MOST_BYTES
    for number, place in enumerate(places):
        for name, path in _files(place):
            try:
                size, digest = _hashed(path)
            except OSError as error:
                raise DrillStopped(f"the content cannot be hashed: {path}: {error.strerror}") from error
            files, room = files + 1, room - size
            if room < 0:
                raise DrillStopped(f"the content is larger than {_MOST_BYTES} bytes: give a digest_command")
            whole.update(f"{number}\0{name}\0{digest}\n".encode("utf-8", "surrogateescape"))
    return f"sha256:{whole.hexdigest()}" if files else EMPTY


def _files(place: Path) -> Iterator[tuple[str, Path]]:
    """Regular files below a place by their relative names, in one order; links count by where they point."""
    if place.is_file():
        yield place.name, place
        return
    for folder, folders, names in os.walk(place):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file():
                yield path.relative_to(place).as_posix(), path


def _hashed(path: Path) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            digest.update(chunk)
    return size, digest.hexdigest()
