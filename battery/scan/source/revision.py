"""An earlier revision of a source folder, written out beside it: what stood there already is no news."""

import io
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from battery.errors import UsageError
from battery.scan.source.secrets.git import GitFailed, ask


@contextmanager
def revision(folder: Path, name: str) -> Iterator[Path]:
    """The folder as it was at a revision, for as long as the block runs.

    Raises: UsageError when there is no such revision, or no repository.
    """
    try:
        below = ask(folder, "rev-parse", "--show-prefix").decode().rstrip("\n")
        archive = ask(folder, "archive", "--format=tar", f"{commit_of(folder, name)}:{below}")
    except GitFailed as error:
        raise UsageError(f"--new-since {name}: {error}") from error
    with tempfile.TemporaryDirectory(prefix="battery-revision-") as scratch:
        with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
            packed.extractall(scratch, filter="data")
        yield Path(scratch)


def commit_of(folder: Path, name: str) -> str:
    """The commit that a name stands for in the repository around a folder.

    Raises: UsageError when there is no such commit, or no repository.
    """
    try:
        return ask(folder, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}").decode().strip()
    except GitFailed as error:
        raise UsageError(f"--new-since {name}: {error}; name a commit, tag or branch of {folder}") from error
