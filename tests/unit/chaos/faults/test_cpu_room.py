"""How much of the processors may be burned, in a container as well."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.chaos.faults.cpu import CpuPressure
from battery.chaos.faults.cpu_room import CpuRoom, cpu_room


def _own(folder: Path, text: str) -> Path:
    file = folder / "own"
    file.write_text(text)
    return file


def _quota(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)


def test_the_tightest_quota_above_us_counts(tmp_path: Path) -> None:
    groups = tmp_path / "groups"
    _quota(groups / "a", {"cpu.max": "150000 100000\n"})
    _quota(groups / "a" / "b", {"cpu.max": "400000 100000\n"})
    assert cpu_room(groups, _own(tmp_path, "0::/a/b\n")).quota == 1.5


def test_a_quota_of_version_1_counts_as_well(tmp_path: Path) -> None:
    groups = tmp_path / "groups"
    _quota(groups / "cpu" / "a", {"cpu.cfs_quota_us": "50000\n", "cpu.cfs_period_us": "100000\n"})
    _quota(groups / "cpu", {"cpu.cfs_quota_us": "-1\n", "cpu.cfs_period_us": "100000\n"})
    assert cpu_room(groups, _own(tmp_path, "4:cpu,cpuacct:/a\n")).quota == 0.5


@pytest.mark.parametrize("text", ["max 100000\n", "", "some thing\n", "5\n", "1 0\n"])
def test_without_a_quota_there_is_none(text: str, tmp_path: Path) -> None:
    groups = tmp_path / "groups"
    _quota(groups / "a", {"cpu.max": text})
    assert cpu_room(groups, _own(tmp_path, "0::/a\n")).quota is None
    assert cpu_room(groups, tmp_path / "none").quota is None


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity on this system")
def test_only_processors_that_we_may_run_on_are_pressed() -> None:
    code = (
        "import os; from battery.chaos.faults.cpu import CpuPressure; "
        "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); "
        "print(CpuPressure().describe())"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "of 1 processors" in told


def test_a_quota_is_never_used_up() -> None:
    narrow = CpuPressure(room=CpuRoom(processors=64, quota=2.0))
    assert narrow.describe() == (
        "burns 75% of 2 processors (75% of the 2 that this control group may use) at nice 19 for at most 60 s"
    )
    half = CpuPressure(room=CpuRoom(processors=4, quota=0.5))
    assert half.describe().startswith("burns 38% of 1 processors (75% of the 0.5 ")
    wide = CpuPressure(room=CpuRoom(processors=2, quota=4.0))
    assert wide.describe() == "burns 90% of 2 processors at nice 19 for at most 60 s"


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 200), st.floats(0.01, 300), st.floats(0.01, 1))
def test_whatever_the_room_some_is_left_of_a_quota_and_something_is_burned(
    processors: int, quota: float, duty: float
) -> None:
    fault = CpuPressure(duty=duty, room=CpuRoom(processors=processors, quota=quota))
    assert 0 < fault._duty <= duty + 1e-9
    assert 1 <= fault._cores <= processors
    assert fault._duty * fault._cores <= 0.75 * quota + 1e-9
