"""`battery toxiproxy`, run as the command module."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from battery.chaos.toxiproxy.client import Client
from tests.integration.chaos.toxiproxy.peers import PATIENCE

RUN = """
import argparse, sys
from battery.cli import toxiproxy
from battery.errors import BatteryError
parser = argparse.ArgumentParser()
toxiproxy.configure(parser)
try:
    sys.exit(toxiproxy.run(parser.parse_args()))
except BatteryError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
"""


def start(*options: str) -> subprocess.Popen[str]:
    """The command in a process."""
    return subprocess.Popen([sys.executable, "-c", RUN, *options], stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal_and_says_so(number: signal.Signals, tmp_path: Path) -> None:
    config = tmp_path / "proxies.json"
    config.write_text(json.dumps([{"name": "p", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:9"}]))
    with start("--port", "0", "--config", str(config), "--metrics") as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        url, _, words = line.partition(": ")
        assert words == "Toxiproxy's API, 1 proxies; Ctrl-C stops it\n"
        with Client(url) as client:
            assert set(client.proxies()) == {"p"}
        process.send_signal(number)
        assert process.wait(PATIENCE) == 0
        assert process.stderr.read() == "stopped: every proxy is closed\n"


def test_a_taken_port_is_told_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-c", RUN, "--port", str(port)], capture_output=True, text=True, timeout=PATIENCE
        )
    assert done.returncode == 64
    assert done.stderr == (
        f"cannot listen at 127.0.0.1:{port}: address already in use; "
        "end what listens there, or choose another --host or --port\n"
    )


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--port", "70000"), "--port is 70000, must be from 0 to 65535"),
        (("--host", "192.0.2.1", "--port", "0"), "cannot listen at 192.0.2.1:0: cannot assign requested"),
        (("--host", "a..b", "--port", "0"), "cannot listen at a..b:0: "),
    ],
)
def test_an_address_that_is_none_is_told(options: tuple[str, ...], problem: str) -> None:
    command = [sys.executable, "-c", RUN, *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 64
    assert done.stderr.startswith(problem)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        (None, "No such file or directory"),
        ("{", "bad request body: unexpected EOF"),
        ('[{"name": "p"}]', "missing required field: upstream at proxy 1"),
        (
            '[{"name": "p", "upstream": "x", "listen": "bad"}]',
            "listen tcp: address bad: missing port in address",
        ),
    ],
)
def test_a_configuration_that_cannot_be_used_is_told(
    tmp_path: Path, config: str | None, problem: str
) -> None:
    file = tmp_path / "proxies.json"
    if config is not None:
        file.write_text(config)
    done = subprocess.run(
        [sys.executable, "-c", RUN, "--port", "0", "--config", str(file)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 64
    assert done.stderr.startswith(f"{file}: {problem}")
