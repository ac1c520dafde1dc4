"""The service under its supervisor."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from battery.reference.demo import ReferenceTarget
from tests.integration.reference.waiting import metric, ready, until


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[ReferenceTarget]:
    with ReferenceTarget(tmp_path / "target", supervised=True) as target:
        yield target


def _restarts(target: ReferenceTarget) -> int | None:
    restarts: int | None = httpx.get(f"{target.url}/api/health/status").json()["state"]["restarts"]
    return restarts


def test_it_serves_from_a_worker_of_its_own(supervised: ReferenceTarget) -> None:
    assert supervised.worker_pid != supervised.pid
    assert psutil.Process(supervised.worker_pid).ppid() == supervised.pid
    details = httpx.get(f"{supervised.url}/api/health/details").json()
    assert details["process"]["pid"] == supervised.worker_pid
    assert details["restarts"] == details["state"]["restarts"] == 0


def test_a_killed_worker_is_replaced_and_no_connection_is_refused_meanwhile(
    supervised: ReferenceTarget,
) -> None:
    for number in (1, 2):
        killed = supervised.worker_pid
        os.kill(killed, signal.SIGKILL)
        until(lambda killed=killed: not psutil.pid_exists(killed))  # type: ignore[misc]
        # It waits in the queue of the socket until the next worker takes it.
        assert httpx.get(f"{supervised.url}/api/health/live", timeout=30).status_code == 200
        assert _restarts(supervised) == number
        assert supervised.worker_pid != killed
    with httpx.Client(base_url=supervised.url) as client:
        assert metric(client, "supervisor_restarts_total") == 2
        assert metric(client, "supervisor_up") == 1
    lines = [json.loads(line) for line in supervised.log.read_text().splitlines()]
    assert [line["exit"] for line in lines if line["message"] == "the worker ended and is restarted"] == [
        -9,
        -9,
    ]


def test_a_worker_that_was_told_to_stop_behind_its_back_is_replaced(supervised: ReferenceTarget) -> None:
    os.kill(supervised.worker_pid, signal.SIGTERM)
    until(lambda: ready(supervised.url) and _restarts(supervised) == 1)


def test_sigterm_ends_both_with_0_and_the_port_is_free(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "battery.reference",
            "--supervise",
            "--data",
            tmp_path,
            "--pid-file",
            tmp_path / "pid",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        line = json.loads(process.stdout.readline())
        worker = int((tmp_path / "pid").read_text())
        assert line["pid"] == process.pid != worker
        process.terminate()
        assert process.wait(30) == 0
    assert not psutil.pid_exists(worker)
    with socket.create_server(("127.0.0.1", line["port"])):
        pass


def test_a_worker_that_hangs_is_killed_in_the_end_and_it_is_said(tmp_path: Path) -> None:
    with ReferenceTarget(tmp_path, supervised=True, stop_seconds=30) as target:
        worker = target.worker_pid
        os.kill(worker, signal.SIGSTOP)
    assert not psutil.pid_exists(worker)
    assert "did not end in time and is killed" in target.log.read_text()


def test_the_worker_does_not_outlive_a_supervisor_that_is_killed(supervised: ReferenceTarget) -> None:
    worker = psutil.Process(supervised.worker_pid)
    os.kill(supervised.pid, signal.SIGKILL)
    until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)


def test_a_service_that_cannot_start_is_given_up_aloud(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    command = [sys.executable, "-m", "battery.reference.supervisor", "--data", str(tmp_path / "data")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "cannot serve: " in ended.stderr
    assert "the service cannot start" in ended.stderr


def test_a_port_that_is_taken_is_one_line_and_exit_1(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [
            sys.executable,
            "-m",
            "battery.reference.supervisor",
            "--data",
            str(tmp_path),
            "--port",
            port,
        ]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("cannot serve: ")
    assert ended.stderr.count("\n") == 1


def test_acknowledged_records_survive_the_kill_of_a_worker(supervised: ReferenceTarget) -> None:
    with httpx.Client(base_url=supervised.url, timeout=30) as client:
        for number in range(20):
            assert client.post("/api/records", json={"id": str(number), "run": "r"}).status_code == 201
    os.kill(supervised.worker_pid, signal.SIGKILL)
    kept = httpx.get(f"{supervised.url}/api/records?run=r", timeout=30).json()["records"]
    assert [record["id"] for record in kept] == [str(number) for number in range(20)]


def test_neither_service_nor_dependency_outlives_a_battery_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from battery.reference.demo import ReferenceTarget\n"
        "from battery.reference.demo_dependency import ReferenceDependency\n"
        "folder = Path(sys.argv[1])\n"
        "with ReferenceDependency(folder) as d, ReferenceTarget(folder, supervised=True) as t:\n"
        "    print(d.pid, t.pid, t.worker_pid, flush=True); os.kill(os.getpid(), 9)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    for pid in map(int, ended.stdout.split()):
        until(lambda pid=pid: not _runs(pid))  # type: ignore[misc]


def _runs(pid: int) -> bool:
    try:
        zombie: bool = psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    return not zombie
