"""A battery that can be killed, and what its faults are aimed at."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.fakes.postgres_server import PostgresServer
from tests.integration.chaos.undo.http_proxies import HttpProxies


class Owner:
    """The battery in small, in a process of its own."""

    def __init__(self, state: Path, fault: str, **parameters: Any) -> None:
        command = [sys.executable, "-m", "tests.integration.chaos.undo.owner", str(state), fault]
        self.process = subprocess.Popen(
            [*command, json.dumps(parameters)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[4],
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the owner ended before it injected"
        self.said: dict[str, Any] = json.loads(line)
        self.children = psutil.Process(self.process.pid).children(recursive=True)

    def kill(self) -> float:
        """SIGKILL; when."""
        self.process.kill()
        self.process.wait()
        return time.monotonic()

    def close(self) -> None:
        """End what a failed test left."""
        if self.process.poll() is None:
            self.kill()
        if self.process.stdout:
            self.process.stdout.close()


@pytest.fixture
def owners() -> Iterator[list[Owner]]:
    """Owners to be closed at the end."""
    owners: list[Owner] = []
    yield owners
    for owner in owners:
        owner.close()


@pytest.fixture
def port() -> Iterator[int]:
    """A server that accepts, answers every read with a small HTTP answer, and counts nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        threading.Thread(target=_serve, args=(server,), daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(connection,), daemon=True).start()


def _answer(connection: socket.socket) -> None:
    with connection:
        try:
            while connection.recv(65536):
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        except OSError:
            return


@pytest.fixture
def toxiproxy() -> Iterator[HttpProxies]:
    """A real Toxiproxy with a proxy "db" that has somebody else's toxic."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    server = subprocess.Popen(
        ["toxiproxy-server", "-host", "127.0.0.1", "-port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        proxies = HttpProxies(f"http://127.0.0.1:{port}")
        proxies.create("db")
        yield proxies
    finally:
        server.kill()
        server.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert time.monotonic() < until, "toxiproxy-server did not start"
            time.sleep(0.02)
        else:
            return


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL with twenty connections."""
    with PostgresServer(max_connections=20) as server:
        yield server
