"""How much memory may be taken."""

from pathlib import Path

import psutil
import pytest

from battery.chaos.faults.memory_room import available


def _group(folder: Path, most: str, current: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.max").write_text(most)
    (folder / "memory.current").write_text(current)


def _old_group(folder: Path, most: int, current: int, stat: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.limit_in_bytes").write_text(f"{most}\n")
    (folder / "memory.usage_in_bytes").write_text(f"{current}\n")
    (folder / "memory.stat").write_text(stat)


def _own(folder: Path, text: str) -> Path:
    file = folder / "own"
    file.write_text(text)
    return file


def test_the_tightest_control_group_above_us_counts(tmp_path: Path) -> None:
    groups = tmp_path / "groups"
    _group(groups, "max\n", "0\n")
    _group(groups / "a", "5000\n", "1000\n")
    _group(groups / "a" / "b", "9000\n", "1000\n")
    assert available(groups, _own(tmp_path, "1:name=x:/\n0::/a/b\n")) == 4000


@pytest.mark.parametrize("text", ["", "1:memory:/a\n", "5\n", "4:::\n", "0::/../../etc\n", "0::/none\n"])
def test_without_a_group_of_version_2_the_machine_counts(text: str, tmp_path: Path) -> None:
    groups = tmp_path / "groups"
    groups.mkdir()
    room = available(groups, _own(tmp_path, text))
    assert 0 < room <= psutil.virtual_memory().total


def test_a_system_without_control_groups_has_the_machine_only(tmp_path: Path) -> None:
    assert 0 < available(tmp_path, tmp_path / "none") <= psutil.virtual_memory().total


def test_cached_files_that_the_kernel_gives_back_at_once_are_room(tmp_path: Path) -> None:
    groups = tmp_path / "groups"
    _group(groups / "c", f"{4 << 20}\n", f"{(4 << 20) - 8}\n")
    (groups / "c" / "memory.stat").write_text("anon 1000\ninactive_file 3000000\nactive_file 77\n")
    assert available(groups, _own(tmp_path, "0::/c\n")) == 3000008


def test_a_group_of_version_1_counts_as_well(tmp_path: Path) -> None:
    groups = tmp_path / "groups"
    own = _own(tmp_path, "7:cpu,cpuacct:/x\n4:memory:/a/b\n1:name=systemd:/y\n")
    _old_group(groups / "memory", 2**63 - 4096, 10**9)
    _old_group(groups / "memory" / "a", 9000, 5000, "inactive_file 1\ntotal_inactive_file 2000\n")
    _old_group(groups / "memory" / "a" / "b", 8000, 1000)
    assert available(groups, own) == 6000


def test_a_container_sees_its_own_group_as_the_topmost(tmp_path: Path) -> None:
    groups = tmp_path / "groups"
    _old_group(groups / "memory", 7000, 5000)
    assert available(groups, _own(tmp_path, "4:memory:/docker/0123\n")) == 2000


def test_there_is_never_less_than_no_room(tmp_path: Path) -> None:
    groups = tmp_path / "groups"
    _group(groups / "c", "1000\n", "1500\n")
    assert available(groups, _own(tmp_path, "0::/c\n")) == 0
