"""The reference target as `battery certify --demo` uses it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import httpx
import psutil
import pytest

from battery.errors import TargetUnreachable
from battery.reference.demo import ReferenceTarget


def test_it_is_ready_within_a_second(tmp_path: Path) -> None:
    times = []
    for number in range(5):
        started = time.perf_counter()
        with ReferenceTarget(tmp_path / str(number)):
            times.append(time.perf_counter() - started)
    print(f"start to ready, seconds: {[round(seconds, 3) for seconds in sorted(times)]}")
    assert median(times) < 1.0


def test_inside_the_block_it_serves_and_afterwards_it_is_gone(tmp_path: Path) -> None:
    with ReferenceTarget(tmp_path) as target:
        pid = target.pid
        assert httpx.get(f"{target.url}/api/health/details").json()["process"]["pid"] == pid
    assert not psutil.pid_exists(pid)
    assert target.pid == 0
    assert "/api/health/details" in target.log.read_text()


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_it_is_stopped_when_the_block_is_left_by_an_exception(
    tmp_path: Path, error: type[BaseException]
) -> None:
    target = ReferenceTarget(tmp_path)
    pids: list[int] = []

    def interrupted() -> None:
        with target:
            pids.append(target.pid)
            raise error

    with pytest.raises(error):
        interrupted()
    assert not psutil.pid_exists(pids[0])


def test_one_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    with ReferenceTarget(tmp_path, stop_seconds=0.1) as target:
        pid = target.pid
        os.kill(pid, signal.SIGSTOP)
    assert not psutil.pid_exists(pid)


def test_one_that_died_is_no_trouble_on_the_way_out(tmp_path: Path) -> None:
    with ReferenceTarget(tmp_path) as target:
        pid = target.pid
        os.kill(pid, signal.SIGKILL)
    assert not psutil.pid_exists(pid)


def test_one_that_cannot_start_is_unreachable_with_the_end_of_its_log(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(TargetUnreachable, match=r"ended with 1 before it was ready: cannot serve: .*data"):
        ReferenceTarget(tmp_path).__enter__()


def test_one_that_is_not_ready_in_time_is_unreachable_and_stopped(tmp_path: Path) -> None:
    target = ReferenceTarget(tmp_path, start_seconds=0.0)
    with pytest.raises(TargetUnreachable, match="was not ready within 0 s: its log is empty"):
        target.__enter__()
    assert target.pid == 0


def test_the_folder_can_be_used_again(tmp_path: Path) -> None:
    order = {"item": "bolt", "quantity": 1, "unit_price_cents": 2}
    with ReferenceTarget(tmp_path) as target:
        httpx.post(f"{target.url}/api/orders", json=order)
    with ReferenceTarget(tmp_path) as target:
        assert httpx.get(f"{target.url}/api/orders/1").json()["item"] == "bolt"


def test_it_does_not_outlive_a_battery_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from battery.reference.demo import ReferenceTarget\n"
        "with ReferenceTarget(Path(sys.argv[1])) as target:\n"
        "    print(target.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert _is_gone_within(int(ended.stdout), seconds=10)


def _is_gone_within(pid: int, seconds: float) -> bool:
    try:
        process = psutil.Process(pid)
        deadline = time.monotonic() + seconds
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
    except psutil.NoSuchProcess:
        pass
    return True
