"""What each toxic does to bytes, over the embedded server and the original.

Delays are bounded below strictly and above generously: a busy machine is late, never early.
"""

import time

import pytest

from battery.chaos.toxiproxy.discovery import Server
from battery.chaos.toxiproxy.nouns import Proxy, Stream
from tests.integration.chaos.toxiproxy.peers import (
    Upstream,
    clocked,
    connected,
    exactly,
    idle,
    is_reset,
    is_silent,
    to_the_end,
    upstream,
)

LATE = 5.0  # what a busy machine may add
EARLY = 0.002  # clocks of two processes, and the original's own rounding


@pytest.mark.parametrize("stream", ["upstream", "downstream"])
def test_latency_delays_each_chunk(server: Server, proxy: Proxy, stream: Stream) -> None:
    server.client.add_toxic("p", "latency", {"latency": 150}, stream=stream)
    with clocked() as seconds, connected(proxy.listen) as client:
        assert seconds() < LATE  # the connect itself is not delayed
        for _ in range(2):
            began = seconds()
            client.sendall(b"x")
            exactly(client, 1)
            assert 0.150 - EARLY <= seconds() - began <= 0.150 + LATE


def test_latencies_add_up(server: Server, proxy: Proxy) -> None:
    ways: dict[str, Stream] = {"one": "upstream", "two": "upstream", "three": "downstream"}
    for name, stream in ways.items():
        server.client.add_toxic("p", "latency", {"latency": 60}, name=name, stream=stream)
    with connected(proxy.listen) as client, clocked() as seconds:
        client.sendall(b"x")
        exactly(client, 1)
        assert 0.180 - 3 * EARLY <= seconds() <= 0.180 + LATE


def test_latency_is_a_pipeline_and_no_queue(server: Server, proxy: Proxy) -> None:
    server.client.add_toxic("p", "latency", {"latency": 400}, stream="upstream")
    with connected(proxy.listen) as client, clocked() as seconds:
        for _ in range(20):
            client.sendall(b"x")
            time.sleep(0.01)  # chunks of their own; what is tested is that they do not wait for one another
        exactly(client, 20)
        assert 0.400 - EARLY <= seconds() <= 7, "twenty delays one after the other would be 8 s"


def test_jitter_stays_within_its_bounds_below(server: Server, proxy: Proxy) -> None:
    server.client.add_toxic("p", "latency", {"latency": 60, "jitter": 40}, stream="upstream")
    took = []
    with connected(proxy.listen) as client:
        for _ in range(10):
            with clocked() as seconds:
                client.sendall(b"x")
                exactly(client, 1)
                took.append(seconds())
    assert min(took) >= 0.020 - EARLY
    assert len({round(each, 4) for each in took}) > 1


def test_bandwidth_lets_no_more_through_than_its_rate(server: Server, proxy: Proxy) -> None:
    server.client.add_toxic("p", "bandwidth", {"rate": 100}, stream="upstream")
    size = 50_000
    with connected(proxy.listen) as client, clocked() as seconds:
        client.sendall(b"x" * size)
        assert exactly(client, size) == b"x" * size
        assert 0.5 * 0.95 <= seconds() <= 0.5 + LATE


def test_a_bandwidth_of_zero_stalls_and_keeps_the_data(server: Server, proxy: Proxy) -> None:
    with connected(proxy.listen) as client:
        server.client.add_toxic("p", "bandwidth", {"rate": 0}, name="b", stream="downstream")
        client.sendall(b"hello")
        assert is_silent(client)
        server.client.change_toxic("p", "b", {"rate": 1000})
        if server.kind == "embedded":  # the original forgets what it held
            assert exactly(client, 5) == b"hello"


def test_slow_close_delays_the_end(server: Server) -> None:
    with upstream(idle) as peer:
        listen = server.client.create("p", peer.address).listen
        server.client.add_toxic("p", "slow_close", {"delay": 200}, stream="downstream")
        with connected(listen) as client:
            client.sendall(b"x")
            exactly(peer.connection(), 1)
            with clocked() as seconds:
                peer.connection().sendall(b"bye")
                peer.connection().close()
                assert to_the_end(client) == b"bye"
                assert 0.200 - EARLY <= seconds() <= 0.200 + LATE


def test_timeout_swallows_and_then_closes(server: Server, proxy: Proxy) -> None:
    server.client.add_toxic("p", "timeout", {"timeout": 200}, stream="upstream")
    with clocked() as seconds, connected(proxy.listen) as client:
        client.sendall(b"x")
        assert to_the_end(client) == b""
        assert 0.200 - EARLY <= seconds() <= 0.200 + LATE


def test_a_timeout_of_zero_hangs_until_it_is_removed_and_then_closes(server: Server, proxy: Proxy) -> None:
    server.client.add_toxic("p", "timeout", {"timeout": 0}, name="t", stream="downstream")
    with connected(proxy.listen) as client:
        client.sendall(b"x")
        assert is_silent(client)
        server.client.remove_toxic("p", "t")
        assert to_the_end(client) == b""
    with connected(proxy.listen) as client:
        client.sendall(b"x")
        assert exactly(client, 1) == b"x"


def test_reset_peer_resets_both_sides_after_its_time(server: Server) -> None:
    with upstream(idle) as peer:
        listen = server.client.create("p", peer.address).listen
        server.client.add_toxic("p", "reset_peer", {"timeout": 150}, stream="upstream")
        with connected(listen) as client, clocked() as seconds:
            client.sendall(b"x")
            assert is_reset(client)
            assert 0.150 - EARLY <= seconds() <= 0.150 + LATE
            assert is_reset(peer.connection())


def test_slicer_cuts_and_delays(server: Server, echoing: Upstream) -> None:
    listen = server.client.create("p", echoing.address).listen
    attributes = {"average_size": 10, "size_variation": 3, "delay": 10_000}
    server.client.add_toxic("p", "slicer", attributes, stream="downstream")
    data = bytes(range(100))
    with connected(listen) as client, clocked() as seconds:
        client.sendall(data)
        chunks: list[bytes] = []
        while sum(len(chunk) for chunk in chunks) < len(data):
            chunks.append(client.recv(1000))
        assert b"".join(chunks) == data
        assert seconds() >= 7 * 0.010 - EARLY, "100 bytes are at least 8 slices of at most 13"
        assert len(chunks) > 1


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_limit_data_closes_after_so_many_bytes(server: Server, proxy: Proxy, limit: int) -> None:
    server.client.add_toxic("p", "limit_data", {"bytes": limit}, stream="downstream")
    with connected(proxy.listen) as client:
        client.sendall(b"x" * 150)
        assert to_the_end(client) == b"x" * limit


def test_toxics_of_one_stream_work_in_their_order(server: Server, proxy: Proxy) -> None:
    server.client.add_toxic("p", "limit_data", {"bytes": 5}, stream="downstream")
    server.client.add_toxic("p", "latency", {"latency": 100}, stream="downstream")
    with connected(proxy.listen) as client, clocked() as seconds:
        client.sendall(b"0123456789")
        assert to_the_end(client) == b"01234"
        assert seconds() >= 0.100 - EARLY


def test_noop_does_nothing(server: Server, proxy: Proxy) -> None:
    server.client.add_toxic("p", "noop", stream="upstream")
    with connected(proxy.listen) as client:
        client.sendall(b"x")
        assert exactly(client, 1) == b"x"
