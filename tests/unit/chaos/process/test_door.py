"""Where a target is reached on this machine, as the kernel tells it."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from battery.chaos.process.door import Door, addresses_here, knows_sockets, listening

pytestmark = pytest.mark.skipif(not knows_sockets(), reason="only Linux tells who listens where")


@pytest.fixture(params=["127.0.0.1", "0.0.0.0", "::1", "::"])
def server(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in request.param else socket.AF_INET
    if family == socket.AF_INET6 and not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6")
    with socket.create_server((request.param, 0), family=family) as server:
        yield server


def _number(file: socket.socket) -> frozenset[int]:
    return frozenset({os.fstat(file.fileno()).st_ino})


def test_a_listening_port_is_found_and_no_other(server: socket.socket) -> None:
    host, port, *_ = server.getsockname()
    assert listening(Door(port=port)) == _number(server)
    assert listening(Door(port=port, addresses=(host,))) == _number(server)
    assert listening(Door(port=port, addresses=("127.9.9.9",))) == (
        _number(server) if host in ("0.0.0.0", "::") else frozenset()
    )


def test_a_connection_is_no_listener(server: socket.socket) -> None:
    host, port, *_ = server.getsockname()
    with socket.create_connection(("::1" if ":" in host else "127.0.0.1", port)) as client:
        assert listening(Door(port=client.getsockname()[1])) == frozenset()


def test_a_socket_of_the_file_system_is_found_while_it_listens(tmp_path: Path) -> None:
    path = str(tmp_path / "app sock")
    door = Door(path=path)
    assert str(door) == path
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        assert listening(door) == frozenset()
        server.listen()
        assert listening(door) == _number(server)
    assert listening(door) == frozenset()


def test_a_network_that_is_gone_tells_nothing(tmp_path: Path) -> None:
    assert listening(Door(path="/run/app.sock"), tmp_path) is None
    assert not knows_sockets(tmp_path)


def test_a_table_that_makes_no_sense_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text("header\nnonsense\n")
    assert listening(Door(port=80), tmp_path) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "0.0.0.0", "localhost"])
def test_loopback_is_here(host: str) -> None:
    assert addresses_here(host)


@pytest.mark.parametrize("host", ["198.51.100.7", "2001:db8::7", "a" * 70, ""])
def test_what_is_another_machines_or_none_is_not_here(host: str) -> None:
    assert addresses_here(host) == () or host == ""
