"""The disk fault, on the disk that holds the temporary folder."""

import errno
import os
from pathlib import Path

import pytest

from battery.chaos.faults.amounts import MIB, mib
from battery.chaos.faults.disk import DiskPressure
from battery.chaos.faults.disk_file import open_unnamed, own_name, take
from battery.chaos.faults.interface import FaultFailed
from battery.chaos.undo.steps import OWN_FILE, DeleteFile, EndMarked


def test_it_takes_its_bound_has_no_name_and_gives_it_back(tmp_path: Path) -> None:
    fault = DiskPressure(tmp_path, reserve=0, most=8 * MIB, limit=30)
    assert "one file of up to 8.0 MiB, leaving 0.0 MiB free, for at most 30 s" in fault.describe()
    assert fault.obstacle() == ""
    step, agent = fault.undo()
    assert isinstance(step, DeleteFile)
    assert isinstance(agent, EndMarked)
    assert Path(step.path).parent == tmp_path
    fault.inject()
    effect = fault.prove()
    assert effect.seen
    assert effect.meter.startswith(f"8.0 MiB of 8.0 MiB are taken in {tmp_path}: free went from ")
    assert list(tmp_path.iterdir()) == []
    fault.remove()
    fault.remove()
    assert not fault.prove().seen


def test_a_disk_that_is_nearly_full_is_refused_with_numbers(tmp_path: Path) -> None:
    fault = DiskPressure(tmp_path, reserve=2**60)
    assert "is already nearly full: " in fault.obstacle()
    assert f"{mib(2**60)} must stay free" in fault.obstacle()
    with pytest.raises(FaultFailed, match="nothing was taken"):
        fault.inject()
    assert not fault.prove().seen


def test_no_more_than_what_is_free_above_the_reserve_is_taken(tmp_path: Path) -> None:
    disk = os.statvfs(tmp_path)
    free = disk.f_bavail * disk.f_frsize
    fault = DiskPressure(tmp_path, reserve=free - 64 * MIB, most=2**60)
    fault.inject()
    assert fault._wanted <= free
    assert fault._wanted <= 65 * MIB + abs(fault._free_before - free)
    fault.remove()


def test_a_folder_that_is_not_there_is_an_obstacle(tmp_path: Path) -> None:
    assert "is no folder: name the target's data directory" in DiskPressure(tmp_path / "none").obstacle()


def test_a_folder_in_which_no_file_can_be_made_fails_with_the_reason() -> None:
    if not Path("/proc/self").exists():
        pytest.skip("only Linux has /proc")
    fault = DiskPressure(Path("/proc"), reserve=-(2**30), most=MIB)
    with pytest.raises(FaultFailed, match=r"1\.0 MiB could not be taken in /proc: the disk agent: "):
        fault.inject()
    fault.remove()
    assert not fault.prove().seen


def test_the_limit_ends_an_injection_that_takes_too_long(tmp_path: Path) -> None:
    # The bound is met only when the file has 99 of 100 of it, which this one never will.
    fault = DiskPressure(tmp_path, reserve=0, most=4 * MIB, limit=1)
    fault._is_all = lambda said: False  # type: ignore[method-assign]
    with pytest.raises(FaultFailed, match="could not be taken in"):
        fault.inject()
    fault.remove()
    assert list(tmp_path.iterdir()) == []


def test_what_is_taken_piece_by_piece_is_taken_once(tmp_path: Path) -> None:
    for allocate in (True, False):
        file = open_unnamed(tmp_path, own_name(tmp_path), flag=0)
        take(file, MIB, allocate=allocate)
        take(file, MIB, MIB, allocate=allocate)
        assert os.fstat(file).st_size == 2 * MIB
        os.close(file)


def test_without_unnamed_files_it_has_a_name_for_a_moment_only(tmp_path: Path) -> None:
    path = own_name(tmp_path)
    assert path.name.startswith(OWN_FILE)
    file = open_unnamed(tmp_path, path, flag=0)
    assert list(tmp_path.iterdir()) == []
    assert os.fstat(file).st_nlink == 0
    os.close(file)


def test_without_reservation_zeros_are_written(tmp_path: Path) -> None:
    file = open_unnamed(tmp_path, own_name(tmp_path), flag=0)
    take(file, 3 * MIB + 17, allocate=False)
    assert os.fstat(file).st_size == 3 * MIB + 17
    os.close(file)


def test_a_file_system_that_gives_no_space_says_so(tmp_path: Path) -> None:
    read, write = os.pipe()
    with pytest.raises(OSError) as caught:
        take(write, MIB)
    assert caught.value.errno == errno.ESPIPE
    os.close(read)
    os.close(write)
