"""Reading the target's own resources."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from battery.load.requests import address
from battery.load.resources import ProcessWatch, target_pid
from battery.load.workers import is_local, worker_count
from battery.model.target import Process


def test_a_living_process_is_read() -> None:
    usage = ProcessWatch(os.getpid()).read(3)
    assert usage is not None
    assert usage.second == 3
    assert usage.rss > 10
    assert usage.descriptors
    assert usage.threads


def test_a_process_that_is_gone_reads_as_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        process.wait()
    assert ProcessWatch(process.pid).read(0) is None


def test_children_are_counted_with_their_parent() -> None:
    alone = ProcessWatch(os.getpid()).read(0)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        both = ProcessWatch(os.getpid()).read(0)
        assert child.stdin is not None
        child.stdin.close()
    assert alone is not None
    assert both is not None
    assert (both.threads or 0) > (alone.threads or 0)


def test_the_target_is_found_by_its_pid_file(tmp_path: Path) -> None:
    (tmp_path / "app.pid").write_text(f"{os.getpid()}\n")
    found = target_pid(Process(pid_file="app.pid"), address("http://198.51.100.7"), tmp_path)
    assert found == os.getpid()


def test_the_target_is_found_by_who_listens_on_its_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = target_pid(None, address(f"http://127.0.0.1:{port}"), tmp_path)
    assert found == os.getpid()


def test_a_remote_target_is_not_looked_for_here(tmp_path: Path) -> None:
    assert target_pid(None, address("http://198.51.100.7"), tmp_path) is None
    assert target_pid(Process(pid_file="absent.pid"), address("http://198.51.100.7"), tmp_path) is None


def test_nobody_on_the_port_is_nothing_to_watch(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert target_pid(None, address(f"http://127.0.0.1:{port}"), tmp_path) is None


@pytest.mark.parametrize(
    ("cores", "host", "expected"),
    [(1, "127.0.0.1", 1), (2, "::1", 1), (8, "localhost", 4), (8, "198.51.100.7", 8)],
)
def test_half_the_cores_are_left_to_a_target_on_this_machine(cores: int, host: str, expected: int) -> None:
    assert worker_count(cores, host) == expected


def test_a_host_is_local_by_address_or_name() -> None:
    assert is_local("127.0.0.9")
    assert is_local(socket.gethostname())
    assert not is_local("example.org")
