"""Which server is used, and that none is left behind."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from battery.chaos.toxiproxy.child import child
from battery.chaos.toxiproxy.discovery import PROGRAM, Server, toxiproxy
from battery.chaos.toxiproxy.failure import ToxiproxyFailed, ToxiproxyUnreachable, ToxiproxyUnsuitable
from tests.integration.chaos.toxiproxy.peers import eventually, is_refused, upstream

KINDS = ["embedded", pytest.param("real", marks=pytest.mark.real(PROGRAM))]


def alive(pid: int) -> bool:
    """Whether a process runs."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_given_server_is_used_and_left_running(embedded: Server) -> None:
    with toxiproxy(embedded.url) as server:
        assert (server.kind, server.version, server.pid, server.shared) == ("given", "2.12.0", None, True)
        server.client.create("p", "127.0.0.1:9")
    assert set(embedded.client.proxies()) == {"p"}


@pytest.mark.real(PROGRAM)
def test_an_installed_server_is_preferred_and_ends_with_the_block() -> None:
    with toxiproxy() as server:
        assert (server.kind, server.shared) == ("real", False)
        assert server.pid is not None
        (real,) = psutil.Process(server.pid).children()
        assert real.name() == PROGRAM
        assert server.url.startswith("http://127.0.0.1:")
    assert not alive(server.pid)
    assert not alive(real.pid)
    assert is_refused(server.url.removeprefix("http://"))


def test_without_an_installed_server_the_embedded_one_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with toxiproxy() as server:
        assert (server.kind, server.version) == ("embedded", "2.12.0")
        assert server.pid is not None
    assert not alive(server.pid)


def test_a_given_server_that_does_not_answer_is_undecided() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ToxiproxyUnreachable, match="is it running") as unreachable, toxiproxy(url):
        pytest.fail("not reached")
    assert unreachable.value.exit_code == 2


@pytest.mark.parametrize("version", ["1.2.3", "3.0.0", "nginx", ""])
def test_a_given_server_of_an_unknown_version_is_bad_usage(version: str) -> None:
    def answer(accepted: socket.socket) -> None:
        accepted.recv(65536)
        body = f'{{"version": "{version}"}}'
        accepted.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())

    with upstream(answer) as other:
        url = f"http://{other.address}"
        with (
            pytest.raises(ToxiproxyUnsuitable, match="says that its version is") as unsuitable,
            toxiproxy(url),
        ):
            pytest.fail("not reached")
    assert unsuitable.value.exit_code == 64


def test_a_given_server_that_is_no_toxiproxy_is_bad_usage() -> None:
    def answer(accepted: socket.socket) -> None:
        accepted.recv(65536)
        accepted.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope")

    with upstream(answer) as other:
        url = f"http://{other.address}"
        with (
            pytest.raises(ToxiproxyUnsuitable, match=r"not as a Toxiproxy does: nope \(HTTP 404\)"),
            toxiproxy(url),
        ):
            pytest.fail("not reached")


BATTERY = """
import pathlib, sys, time
from battery.chaos.toxiproxy.discovery import toxiproxy
told, program, linger = sys.argv[1:]
with toxiproxy(program=program or None, linger=float(linger)) as server:
    server.client.create("p", "127.0.0.1:9")
    server.client.add_toxic("p", "timeout", {"timeout": 0})
    server.client.disable("p")
    part = pathlib.Path(told + ".part")
    part.write_text(f"{server.pid} {server.url}")
    part.rename(told)
    time.sleep(600)
"""


def killed_battery(kind: str, linger: float, folder: Path) -> tuple[list[int], str]:
    """The processes and the URL of the server of a battery that was killed with a proxy down and a toxic on it."""
    told, program = folder / "told", PROGRAM if kind == "real" else ""
    battery = subprocess.Popen([sys.executable, "-c", BATTERY, str(told), program, str(linger)])
    try:
        eventually(told.exists, "the server runs")
        pid, url = told.read_text().split()
        return [int(pid), *(each.pid for each in psutil.Process(int(pid)).children())], url
    finally:
        battery.send_signal(signal.SIGKILL)
        battery.wait()


@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_battery_leaves_no_toxic_and_every_proxy_up(kind: str, tmp_path: Path) -> None:
    processes, url = killed_battery(kind, 600, tmp_path)
    try:
        with toxiproxy(url) as server:
            eventually(lambda: server.client.proxy("p").toxics == (), "no toxic")
            eventually(lambda: server.client.proxy("p").enabled, "up")
    finally:
        os.kill(processes[0], signal.SIGTERM)
    eventually(lambda: not any(alive(each) for each in processes), "no server")


@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_battery_leaves_no_server_in_the_end(kind: str, tmp_path: Path) -> None:
    processes, _ = killed_battery(kind, 0.1, tmp_path)
    eventually(lambda: not any(alive(each) for each in processes), "no server")


@pytest.mark.real(PROGRAM)
def test_a_real_server_does_not_outlive_its_guard() -> None:
    with toxiproxy() as server:
        assert server.pid is not None
        (real,) = psutil.Process(server.pid).children()
        os.kill(server.pid, signal.SIGKILL)
        eventually(lambda: not alive(real.pid), "the server is gone")


@pytest.mark.real(PROGRAM)
def test_a_guard_ends_when_its_server_does() -> None:
    with toxiproxy() as server:
        assert server.pid is not None
        (real,) = psutil.Process(server.pid).children()
        real.kill()
        eventually(lambda: not alive(int(server.pid or 0)), "the guard is gone")


def test_a_program_that_is_no_server_is_told(tmp_path: Path) -> None:
    program = tmp_path / "toxiproxy-server"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    with (
        pytest.raises(ToxiproxyFailed, match="does not answer on any of 3 free ports"),
        toxiproxy(program=str(program)),
    ):
        pytest.fail("not reached")


def test_a_child_that_says_no_port_is_ended_and_told() -> None:
    with pytest.raises(ToxiproxyFailed, match="did not start: it says nothing"), child("this", patience=5):
        pytest.fail("not reached")
    with pytest.raises(ToxiproxyFailed, match="No module named"), child("battery.no_such_module"):
        pytest.fail("not reached")
