"""`python -m battery.reference` as a command."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as stack:

        def command(*arguments: str | Path) -> "subprocess.Popen[str]":
            process = subprocess.Popen(
                [sys.executable, "-m", "battery.reference", *map(str, arguments)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            return process

        yield command


def _announced(process: "subprocess.Popen[str]") -> dict[str, object]:
    assert process.stdout
    line: dict[str, object] = json.loads(process.stdout.readline())
    return line


def test_it_says_where_it_listens_in_a_line_and_in_the_port_file(start: Start, tmp_path: Path) -> None:
    port_file = tmp_path / "port"
    port_file.write_text("1\n")
    process = start("--data", tmp_path / "data", "--port-file", port_file)
    line = _announced(process)
    assert line["pid"] == process.pid
    assert port_file.read_text() == f"{line['port']}\n"
    assert httpx.get(f"{line['url']}/api/health/ready").status_code == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_0_and_every_line_it_logged_is_json(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    process = start("--data", tmp_path / "data")
    url = _announced(process)["url"]
    httpx.get(f"{url}/api/echo", headers={"x-request-id": "r1"})
    process.send_signal(number)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    lines = [json.loads(line) for line in errors.splitlines()]
    [request] = [line for line in lines if line.get("request_id") == "r1"]
    assert (request["route"], request["status"], request["level"]) == ("/api/echo", 200, "info")


def test_with_a_log_file_stderr_stays_empty(start: Start, tmp_path: Path) -> None:
    process = start("--data", tmp_path / "data", "--log", tmp_path / "log")
    httpx.get(f"{_announced(process)['url']}/api/echo")
    process.terminate()
    assert process.communicate(timeout=10) == ("", "")
    assert "/api/echo" in (tmp_path / "log").read_text()


def test_a_port_that_is_taken_is_one_line_and_exit_1(start: Start, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = start("--data", tmp_path / "data", "--port", str(taken.getsockname()[1]))
        out, errors = process.communicate(timeout=10)
    assert (process.returncode, out) == (1, "")
    assert errors.startswith("cannot serve: ")
    assert errors.count("\n") == 1


def test_data_that_cannot_be_used_is_one_line_and_exit_1(start: Start, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "orders.sqlite3").write_bytes(b"not a database " * 100)
    _, errors = (process := start("--data", tmp_path / "data")).communicate(timeout=10)
    assert process.returncode == 1
    assert "not a database" in errors
    assert errors.count("\n") == 1
