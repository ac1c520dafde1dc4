"""How much memory may still be taken: of the machine, and of the control groups that we live in."""

from pathlib import Path

import psutil

from battery.chaos.faults.control_groups import GROUPS, OWN_GROUP, folders, number_in

# The limit, what is taken, and what of that the kernel gives back at once: of version 2, then of version 1.
_FILES = (
    ("memory.max", "memory.current", "inactive_file"),
    ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)


def available(groups: Path = GROUPS, own_group: Path = OWN_GROUP) -> int:
    """The bytes that can be taken before somebody is ended for them."""
    rooms = [int(psutil.virtual_memory().available)]
    for folder in folders("memory", groups, own_group):
        rooms += _rooms(folder)
    return max(min(rooms), 0)


def _rooms(folder: Path) -> list[int]:
    """The room of one group, where it has a limit. Cached files count as taken there, though nobody is ended for them."""
    rooms = []
    for limit, usage, cache in _FILES:
        most, taken = number_in(folder / limit), number_in(folder / usage)
        if most is not None and taken is not None:
            rooms.append(most - max(taken - (number_in(folder / "memory.stat", cache) or 0), 0))
    return rooms
