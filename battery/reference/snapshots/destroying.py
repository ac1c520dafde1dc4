"""Destroy: for drills. Only files of this service, and only where its marker stands."""

from pathlib import Path
from tempfile import TemporaryDirectory

from battery.reference.snapshots.archive import unpack
from battery.reference.snapshots.content import COMPANIONS, DATABASES, audit_files, is_served
from battery.reference.snapshots.marker import alone_in, marked


def destroy(folder: Path, file: Path | None = None) -> list[str]:
    """Delete the data; with a backup `file`, only once that is seen to be whole. The names of what was deleted.

    The audit log of a service that runs is left to it: it would be written on, and belong to nothing.

    Raises: SnapshotRefused, OSError.
    """
    marked(folder)
    with alone_in(folder):
        if file is not None:
            with TemporaryDirectory(prefix=".snapshot-", dir=file.absolute().parent) as place:
                unpack(file, Path(place))
        doomed = [folder / f"{name}{end}" for name in DATABASES for end in ("", *COMPANIONS)]
        doomed += [] if is_served(folder) else audit_files(folder)
        gone = [path for path in doomed if path.exists() or path.is_symlink()]
        for path in gone:
            path.unlink(missing_ok=True)
    return [path.name for path in gone]
