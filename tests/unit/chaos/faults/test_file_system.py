"""Which disk a folder lies on."""

from pathlib import Path

import pytest

from battery.chaos.faults.amounts import MIB
from battery.chaos.faults.disk import DiskPressure
from battery.chaos.faults.file_system import kind_of, lives_in_memory

MOUNTS = (("/", "overlay"), ("/", "ext4"), ("/dev", "devtmpfs"), ("/dev/shm", "tmpfs"), ("/devices", "xfs"))


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/", "ext4"),
        ("/var/lib", "ext4"),
        ("/dev/shm/a", "tmpfs"),
        ("/dev/pts", "devtmpfs"),
        ("/devices", "xfs"),
    ],
)
def test_the_mount_nearest_to_the_folder_counts_and_the_last_of_several(folder: str, kind: str) -> None:
    assert kind_of(Path(folder), MOUNTS) == kind


def test_without_a_mount_nothing_is_known() -> None:
    assert kind_of(Path("/a"), ()) == ""


SHARED_MEMORY = Path("/dev/shm")


@pytest.mark.skipif(
    not SHARED_MEMORY.is_dir() or not lives_in_memory(SHARED_MEMORY), reason="no folder in memory here"
)
def test_a_folder_in_memory_is_filled_only_where_memory_has_room() -> None:
    assert DiskPressure(SHARED_MEMORY, reserve=0, most=MIB).obstacle() == ""
