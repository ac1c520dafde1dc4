"""How much memory may still be taken: of the machine, and of the control group that we live in."""

from pathlib import Path

import psutil

_GROUPS = Path("/sys/fs/cgroup")
_OWN_GROUP = Path("/proc/self/cgroup")


def available(groups: Path = _GROUPS, own_group: Path = _OWN_GROUP) -> int:
    """The bytes that can be taken before somebody is ended for them."""
    rooms = [int(psutil.virtual_memory().available), *_group_rooms(groups, own_group)]
    return min(rooms)


def _group_rooms(groups: Path, own_group: Path) -> list[int]:
    """The room in our control group and in each above it, where they have a limit (version 2 only)."""
    try:
        lines = own_group.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    path = next((line[3:] for line in lines if line.startswith("0::/")), None)
    if path is None:
        return []
    folder, rooms = groups / path.lstrip("/"), []
    while folder.is_relative_to(groups):
        rooms += _room(folder)
        if folder == groups:
            break
        folder = folder.parent
    return rooms


def _room(folder: Path) -> list[int]:
    try:
        most = (folder / "memory.max").read_text(encoding="ascii").strip()
        taken = int((folder / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return []
    return [int(most) - taken] if most.isdigit() else []
