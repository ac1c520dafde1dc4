"""The service as processes: served, killed, restarted, asked to end."""

import json
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import httpx
import pytest

from battery.errors import TargetUnreachable
from battery.reference.child import inherited
from battery.reference.demo import ReferenceTarget, demo_definition_toml, demo_process_toml
from battery.reference.supervisor.backoff import LONGEST_SECONDS, WELL_SECONDS, Backoff

pytestmark = pytest.mark.processes

COMMAND = [sys.executable, "-P", "-m", "battery.reference"]


def test_a_quote_comes_from_the_dependency(client: httpx.Client) -> None:
    assert client.get("/api/quote?item=bolt").status_code == 200
    assert 'dependency_calls_total{result="answered"}' in client.get("/metrics").text


def test_what_is_no_http_is_refused_like_everything_else(target: ReferenceTarget) -> None:
    host, port = target.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(b"WHAT\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in answer


def test_sigterm_ends_with_0_and_a_log_of_json_lines(tmp_path: Path) -> None:
    files = [
        "--data",
        str(tmp_path / "data"),
        "--log",
        str(tmp_path / "log"),
        "--pid-file",
        str(tmp_path / "pid"),
    ]
    with subprocess.Popen([*COMMAND, *files], stdout=subprocess.PIPE, env=inherited()) as process:
        assert process.stdout
        said = json.loads(process.stdout.readline())
        assert httpx.get(f"{said['url']}/api/health/ready", timeout=60).status_code == 200
        assert said["pid"] == process.pid == int((tmp_path / "pid").read_text())
        process.terminate()
        assert process.wait(60) == 0
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert {"time", "level", "message", "request_id"} <= set(lines[0])


def test_a_service_that_cannot_serve_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with (
        pytest.raises(TargetUnreachable, match=r"ended with 1 before it was ready: .*cannot serve: "),
        ReferenceTarget(tmp_path, supervised=True),
    ):
        pass


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [*COMMAND, "--data", str(tmp_path), "--port", port, "--supervise"]
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=60, env=inherited(), check=False
        )
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)


def test_restarts_after_short_lives_wait_longer_and_longer() -> None:
    backoff = Backoff()
    waits = [backoff.after(0.1) for _ in range(12)]
    assert waits[:3] == [0.0, 0.1, 0.2]
    assert waits[-1] == LONGEST_SECONDS
    assert backoff.after(WELL_SECONDS) == 0.0


def test_the_demo_describes_itself_in_toml(tmp_path: Path) -> None:
    text = demo_definition_toml("http://127.0.0.1:1", tmp_path) + demo_process_toml(
        1, tmp_path, "127.0.0.1:2"
    )
    told = tomllib.loads(text)
    assert told["target"]["ready"] == "/api/health/ready"
    assert told["process"]["supervised"] is True
