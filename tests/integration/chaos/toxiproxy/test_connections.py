"""What becomes of connections, over the embedded server and the original.

Delays are bounded below strictly and above generously: a busy machine is late, never early.
"""

import contextlib
import socket

import pytest

from battery.chaos.toxiproxy.discovery import Server
from battery.chaos.toxiproxy.nouns import Proxy
from tests.integration.chaos.toxiproxy.peers import (
    clocked,
    connected,
    exactly,
    idle,
    is_refused,
    is_silent,
    to_the_end,
    upstream,
)

LATE = 5.0  # what a busy machine may add
EARLY = 0.002  # clocks of two processes, and the original's own rounding


def test_without_a_toxic_every_byte_arrives_in_order(proxy: Proxy) -> None:
    data = bytes(range(256)) * 4096
    with connected(proxy.listen) as client:
        client.sendall(data[:1000])
        assert exactly(client, 1000) == data[:1000]
        client.setblocking(True)
        sent = 1000
        received = bytearray(data[:1000])
        while sent < len(data):
            sent += client.send(data[sent : sent + 65536])
            while len(received) < sent:
                received += client.recv(65536)
        assert bytes(received) == data


def test_many_connections_are_kept_apart(proxy: Proxy) -> None:
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(connected(proxy.listen)) for _ in range(50)]
        for index, client in enumerate(clients):
            client.sendall(f"{index:04}".encode())
        for index, client in enumerate(clients):
            assert exactly(client, 4) == f"{index:04}".encode()


def test_data_sent_before_the_upstream_answers_the_connect_is_not_lost(proxy: Proxy) -> None:
    for _ in range(20):
        with connected(proxy.listen) as client:
            client.sendall(b"early")
            assert exactly(client, 5) == b"early"


def test_a_client_that_does_not_read_stops_the_upstream_and_loses_nothing(server: Server) -> None:
    with upstream(idle) as peer:
        listen = server.client.create("p", peer.address).listen
        with connected(listen) as client:
            client.sendall(b"x")
            sender = peer.connection()
            exactly(sender, 1)
            sender.settimeout(0.5)
            sent = 0
            try:
                while sent < 256 << 20:
                    sent += sender.send(b"y" * 65536)
            except TimeoutError:
                pass
            assert sent < 256 << 20, "a proxy that reads without end would take all of it"
            sender.shutdown(socket.SHUT_WR)
            assert len(to_the_end(client)) == sent


@pytest.mark.parametrize("address", ["nowhere", "a..b:1", "127.0.0.1:nope", "a\0b:1"])
def test_an_upstream_that_is_no_address_closes_the_client(server: Server, address: str) -> None:
    listen = server.client.create("p", address).listen
    with connected(listen) as client:
        assert to_the_end(client) == b""


def test_an_upstream_that_refuses_closes_the_client(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"127.0.0.1:{free.getsockname()[1]}"
    listen = server.client.create("p", nobody).listen
    with connected(listen) as client:
        assert to_the_end(client) == b""


def test_toxics_meet_live_connections_when_added_changed_and_removed(server: Server, proxy: Proxy) -> None:
    with connected(proxy.listen) as client:

        def took() -> float:
            with clocked() as seconds:
                client.sendall(b"x")
                exactly(client, 1)
                return seconds()

        took()
        server.client.add_toxic("p", "latency", {"latency": 100}, name="l")
        assert took() >= 0.100 - EARLY
        server.client.change_toxic("p", "l", {"latency": 300})
        assert took() >= 0.300 - EARLY
        server.client.remove_toxic("p", "l")
        assert any(took() < 0.300 for _ in range(20))


def test_disabling_closes_every_connection_and_then_refuses_and_toxics_survive_it(
    server: Server, proxy: Proxy
) -> None:
    server.client.add_toxic("p", "noop")
    with connected(proxy.listen) as client:
        client.sendall(b"x")
        exactly(client, 1)
        server.client.disable("p")
        assert to_the_end(client) == b""
    assert is_refused(proxy.listen)
    server.client.enable("p")
    with connected(proxy.listen) as client:
        client.sendall(b"x")
        assert exactly(client, 1) == b"x"
    assert [toxic.type for toxic in server.client.toxics("p")] == ["noop"]


def test_another_upstream_closes_every_connection_and_leads_elsewhere(server: Server, proxy: Proxy) -> None:
    with upstream(idle) as other, connected(proxy.listen) as client:
        client.sendall(b"x")
        exactly(client, 1)
        server.client.change("p", upstream=other.address)
        assert to_the_end(client) == b""
        with connected(proxy.listen) as again:
            again.sendall(b"y")
            assert exactly(other.connection(), 1) == b"y"


def test_a_deleted_proxy_closes_every_connection(server: Server, proxy: Proxy) -> None:
    with connected(proxy.listen) as client:
        client.sendall(b"x")
        exactly(client, 1)
        server.client.destroy("p")
        assert to_the_end(client) == b""


def test_a_toxicity_of_zero_delays_nobody_and_of_one_everybody(server: Server, proxy: Proxy) -> None:
    server.client.add_toxic("p", "timeout", {"timeout": 0}, name="t", toxicity=0.0)
    with connected(proxy.listen) as client:
        client.sendall(b"x")
        assert exactly(client, 1) == b"x"
        server.client.change_toxic("p", "t", toxicity=1.0)
        client.sendall(b"x")
        assert is_silent(client)


def test_the_end_passes_from_either_side(server: Server) -> None:
    with upstream(idle) as peer:
        listen = server.client.create("p", peer.address).listen
        with connected(listen) as client:
            client.sendall(b"x")
            exactly(peer.connection(), 1)
        assert to_the_end(peer.connection()) == b""
        with connected(listen) as client:
            client.sendall(b"x")
            exactly(peer.connection(1), 1)
            peer.connection(1).close()
            assert to_the_end(client) == b""
