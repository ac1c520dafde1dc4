"""The files of an offline OSV database: a folder of JSON files and zips, or one zip, as OSV exports them."""

import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

LARGEST = 32 * 2**20  # the largest record of the public export has about one MB


class Entry(msgspec.Struct, frozen=True):
    """One file: its bytes, or why they cannot be had."""

    name: str
    data: bytes = b""
    problem: str = ""


def entries(path: Path) -> Iterator[Entry]:
    """Every record of the database, in the order of their names."""
    if path.is_dir():
        yield from _folder(path)
    elif path.is_file():
        yield from _zip(path) if zipfile.is_zipfile(path) else _file(path)
    else:
        yield Entry(path.name, problem="it is not there")


def _folder(path: Path) -> Iterator[Entry]:
    refused: list[OSError] = []
    for folder, folders, files in os.walk(path, onerror=refused.append):
        folders.sort()
        for name in sorted(files):
            file = Path(folder) / name
            if name.endswith(".json"):
                yield _plain(file)
            elif name.endswith(".zip"):
                yield from _zip(file)
    for error in refused:
        yield Entry(Path(str(error.filename)).name, problem=f"the folder cannot be read ({error.strerror})")


def _file(path: Path) -> Iterator[Entry]:
    if path.suffix == ".json":
        yield _plain(path)
    else:
        yield Entry(path.name, problem="it is neither a zip, a JSON file nor a folder of them")


def _plain(path: Path) -> Entry:
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        return Entry(path.name, problem=f"it cannot be opened ({error.strerror})")
    return _bounded(path.name, data)


def _zip(path: Path) -> Iterator[Entry]:
    try:
        with zipfile.ZipFile(path) as archive:
            for info in sorted(archive.infolist(), key=lambda one: one.filename):
                if info.filename.endswith(".json"):
                    yield _member(archive, info)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        yield Entry(path.name, problem=f"it is no zip that can be read ({type(error).__name__})")


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Entry:
    try:
        with archive.open(info) as stream:
            # Bounded whatever the header says: a small zip may unpack to gigabytes.
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        return Entry(info.filename, problem=f"it cannot be unpacked ({type(error).__name__})")
    return _bounded(info.filename, data)


def _bounded(name: str, data: bytes) -> Entry:
    if len(data) > LARGEST:
        return Entry(name, problem=f"it has more than {LARGEST} bytes")
    return Entry(name, data)
