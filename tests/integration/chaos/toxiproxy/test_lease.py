"""The end of the lease: toxics gone, proxies up, forwarding goes on for a while, then nothing is left."""

import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from battery.chaos.toxiproxy.client import Client
from tests.integration.chaos.toxiproxy.peers import (
    PATIENCE,
    Upstream,
    connected,
    eventually,
    exactly,
    is_refused,
    to_the_end,
)


class Leased(NamedTuple):
    """A server whose lease the test holds."""

    process: subprocess.Popen[bytes]
    client: Client

    def end(self) -> None:
        """What the kernel does when the battery dies."""
        assert self.process.stdin is not None
        self.process.stdin.close()


@pytest.fixture
def leased(request: pytest.FixtureRequest) -> Iterator[Leased]:
    """A server that lingers as long as the test says."""
    command = [sys.executable, "-P", "-m", "battery.chaos.toxiproxy", "--linger", str(request.param)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        with Client(f"http://127.0.0.1:{int(process.stdout.readline())}") as client:
            yield Leased(process, client)
            process.kill()


@pytest.mark.parametrize("leased", [600], indirect=True)
def test_while_it_lingers_all_goes_on_without_toxics(leased: Leased, echoing: Upstream) -> None:
    up = leased.client.create("up", echoing.address)
    down = leased.client.create("down", echoing.address)
    with connected(up.listen) as old:
        old.sendall(b"x")
        exactly(old, 1)
        leased.client.add_toxic("up", "latency", {"latency": 3_600_000})
        leased.client.disable("down")
        leased.end()
        eventually(lambda: leased.client.proxy("up").toxics == (), "no toxic")
        eventually(lambda: leased.client.proxy("down").enabled, "enabled again")
        old.sendall(b"y")
        assert exactly(old, 1) == b"y"
        with connected(down.listen) as client:
            client.sendall(b"z")
            assert exactly(client, 1) == b"z"
    assert leased.process.poll() is None
    leased.process.terminate()
    assert leased.process.wait(PATIENCE) == 0


@pytest.mark.parametrize("leased", [0], indirect=True)
def test_after_it_the_server_ends_with_its_last_connection(leased: Leased, echoing: Upstream) -> None:
    listen = leased.client.create("p", echoing.address).listen
    with connected(listen) as client:
        client.sendall(b"x")
        exactly(client, 1)
        leased.end()
        eventually(lambda: is_refused(listen), "no new connection is taken")
        client.sendall(b"y")
        assert exactly(client, 1) == b"y"
        assert leased.process.poll() is None
    assert leased.process.wait(PATIENCE) == 0


@pytest.mark.parametrize("leased", [0], indirect=True)
def test_a_server_without_a_connection_ends_at_once(leased: Leased) -> None:
    leased.end()
    assert leased.process.wait(PATIENCE) == 0


@pytest.mark.parametrize("leased", [600], indirect=True)
def test_a_signal_closes_every_connection_and_ends_it(leased: Leased, echoing: Upstream) -> None:
    listen = leased.client.create("p", echoing.address).listen
    with connected(listen) as client:
        client.sendall(b"x")
        exactly(client, 1)
        leased.process.terminate()
        assert to_the_end(client) == b""
    assert leased.process.wait(PATIENCE) == 0
