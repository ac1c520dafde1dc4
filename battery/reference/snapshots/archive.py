"""The backup file: a tar whose first two members are the manifest and its seal."""

import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import msgspec

from battery.reference.snapshots.content import DATABASES
from battery.reference.snapshots.failure import SnapshotRefused
from battery.reference.snapshots.manifest import NAME, SEAL, Manifest, member_of, read_manifest

# A manifest of some files; one that is larger is none of ours.
_LARGEST_MANIFEST = 1024 * 1024
_BROKEN = (tarfile.TarError, EOFError, OSError, zlib.error)


def write_archive(file: Path, manifest: Manifest, folder: Path) -> None:
    """Write the files of `folder` that `manifest` names; `file` is there whole or not at all.

    Raises: OSError.
    """
    data = msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    seal = hashlib.sha256(data).hexdigest().encode() + b"\n"
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        with _private(fresh) as opened:
            _fill(opened, {NAME: data, SEAL: seal}, [folder / member.name for member in manifest.members])
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def unpack(file: Path, folder: Path) -> Manifest:
    """Put the files of a backup into `folder`, each compared with the manifest before anything else is done with it.

    Raises: SnapshotRefused when it is cut off, changed, or no backup; OSError when `folder` cannot take it.
    """
    try:
        with tarfile.open(file, "r:") as archive:
            manifest = read_manifest(_small(archive, NAME), _small(archive, SEAL))
            told = [NAME, SEAL, *(member.name for member in manifest.members)]
            if archive.getnames() != told:
                raise SnapshotRefused("its files are not those of its manifest: use another backup")
            if file.stat().st_size != _whole(archive.offset):
                raise SnapshotRefused("it does not end where it should: use another backup")
            for member in manifest.members:
                _extract(archive, _checked(member.name), folder)
    except FileNotFoundError:
        raise SnapshotRefused(f"{file} is not there: name the file that backup wrote") from None
    except SnapshotRefused as error:
        raise SnapshotRefused(f"{file} is refused: {error}") from None
    except _BROKEN as error:
        raise SnapshotRefused(f"{file} is cut off or no backup ({error}): use another backup") from None
    for member in manifest.members:
        if (found := member_of(folder / member.name)) != member:
            raise SnapshotRefused(
                f"{file} is refused: {member.name} has sha256 {found.sha256[:12]}… over {found.size} bytes, its manifest"
                f" says {member.sha256[:12]}… over {member.size}: use another backup"
            )
    return manifest


def _fill(opened: IO[bytes], small: dict[str, bytes], files: Sequence[Path]) -> None:
    with tarfile.open(fileobj=opened, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in small.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o600
            archive.addfile(entry, io.BytesIO(data))
        for path in files:
            archive.add(path, path.name, recursive=False)


def _small(archive: tarfile.TarFile, name: str) -> bytes:
    try:
        entry = archive.getmember(name)
    except KeyError:
        raise SnapshotRefused(f"it holds no {name}: it is no backup of this service") from None
    opened = archive.extractfile(entry)
    if opened is None or entry.size > _LARGEST_MANIFEST:
        raise SnapshotRefused(f"its {name} is no file of a backup")
    return opened.read()


def _checked(name: str) -> str:
    """A name that stays in the folder. Raises: SnapshotRefused."""
    if name in DATABASES or (name.startswith("audit.") and Path(name).name == name):
        return name
    raise SnapshotRefused(f"its manifest names {name[:80]!r}, which is no file of this service")


def _extract(archive: tarfile.TarFile, name: str, folder: Path) -> None:
    source = archive.extractfile(name)
    if source is None:
        raise SnapshotRefused(f"{name} is no file in it")
    with _private(folder / name) as target:
        while chunk := source.read(1024 * 1024):
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())


def _whole(end: int) -> int:
    """The size of a tar whose last member ends there: two empty blocks, and as many as fill a record."""
    records = -(-(end + 2 * tarfile.BLOCKSIZE) // tarfile.RECORDSIZE)
    return records * tarfile.RECORDSIZE


def _private(file: Path) -> IO[bytes]:
    """A file that is not there yet, for nobody else to read."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
