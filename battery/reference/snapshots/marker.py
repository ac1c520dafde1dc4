"""The marker: the file that says that a folder holds the data of this service, and of nobody else."""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from battery.reference.snapshots.failure import SnapshotRefused

FILE = ".battery-reference.json"
_FORMAT = 1


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """What it says: where the orders stand, and the defects that the service was last started with."""

    format: int = _FORMAT
    store: str = "sqlite"
    defects: tuple[str, ...] = ()


def mark(folder: Path, *, store: str = "sqlite", defects: Collection[str] = ()) -> None:
    """Mark `folder` as ours.

    Raises: OSError.
    """
    marker = msgspec.json.encode(Marker(store=store, defects=tuple(sorted(defects)))) + b"\n"
    file, fresh = folder / FILE, folder / f"{FILE}.{os.getpid()}"
    # Left alone where it says that already: a command may hold it.
    if not file.exists() or file.read_bytes() != marker:
        fresh.write_bytes(marker)
        fresh.replace(file)


def marked(folder: Path) -> Marker:
    """What the marker of `folder` says.

    Raises: SnapshotRefused when it has none.
    """
    try:
        marker = msgspec.json.decode((folder / FILE).read_bytes(), type=Marker)
    except OSError:
        raise SnapshotRefused(
            f"{folder} has no {FILE}: it is not the data folder of this service; name the one given to --data"
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise SnapshotRefused(
            f"{folder / FILE} cannot be read: start the service once over this folder"
        ) from None
    if marker.format != _FORMAT:
        raise SnapshotRefused(
            f"{folder} was made by another version: its marker has format {marker.format}, not 1"
        )
    return marker


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold `folder` for one snapshot command at a time.

    Raises: SnapshotRefused when another one is at work.
    """
    import fcntl

    with (folder / FILE).open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SnapshotRefused(
                f"another snapshot command is at work in {folder}: wait for its end"
            ) from None
        yield
