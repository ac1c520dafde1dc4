"""How much memory may be taken."""

from pathlib import Path

import psutil
import pytest

from battery.chaos.faults.memory_room import available


def _group(folder: Path, most: str, current: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.max").write_text(most)
    (folder / "memory.current").write_text(current)


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


@pytest.mark.parametrize("text", ["", "1:memory:/a\n", "0::/../../etc\n", "0::/none\n"])
def test_without_a_group_of_version_2_the_machine_counts(text: str, tmp_path: Path) -> None:
    groups = tmp_path / "groups"
    groups.mkdir()
    room = available(groups, _own(tmp_path, text))
    assert 0 < room <= psutil.virtual_memory().total


def test_a_system_without_control_groups_has_the_machine_only(tmp_path: Path) -> None:
    assert 0 < available(tmp_path, tmp_path / "none") <= psutil.virtual_memory().total
