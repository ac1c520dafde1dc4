"""Control groups: the folders of the one that we live in and of those above it, of version 2 and of version 1."""

from collections.abc import Iterator
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
OWN_GROUP = Path("/proc/self/cgroup")


def folders(controller: str, groups: Path = GROUPS, own_group: Path = OWN_GROUP) -> Iterator[Path]:
    """Where the limits of a controller stand, ours first; a container sees its own group as the topmost."""
    try:
        lines = own_group.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        _, _, rest = line.partition(":")
        names, _, path = rest.partition(":")
        if not names:  # version 2 has one hierarchy for all controllers
            yield from _upwards(groups, path)
        elif controller in names.split(","):
            yield from _upwards(groups / controller, path)


def _upwards(top: Path, path: str) -> Iterator[Path]:
    folder = top / path.lstrip("/")
    while folder.is_relative_to(top):
        yield folder
        if folder == top:
            return
        folder = folder.parent


def number_in(file: Path, key: str = "") -> int | None:
    """The whole number that a file holds, or the one behind a key; none where there is no such number."""
    try:
        lines = file.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    words = [line.split() for line in lines]
    found = next((line[-1] for line in words if line and (not key or line[0] == key)), "")
    return int(found) if found.isascii() and found.isdigit() else None
