"""What the embedded server counts goes on when its journal has forgotten the first connections."""

import pytest

from battery.chaos.scenarios.server_proxies import ServerProxies
from battery.chaos.toxiproxy.discovery import Server
from battery.chaos.toxiproxy.failure import ToxiproxyRefused
from battery.chaos.toxiproxy.nouns import Proxy
from tests.integration.chaos.toxiproxy.peers import connected, eventually, exactly

MORE_THAN_REMEMBERED = 1100


def _ask(listen: str, times: int = 1) -> None:
    for _ in range(times):
        with connected(listen) as client:
            client.sendall(b"12345")
            exactly(client, 5)


def _closed(server: Server) -> None:
    """One that still lives would meet the next toxic too."""
    eventually(lambda: all(each["closed"] for each in server.client.connections("p")), "all are closed")


def test_the_counts_of_many_connections_are_whole(embedded: Server, own_proxy: Proxy) -> None:
    port = ServerProxies(embedded.client, counts=True)
    first = port.counters("p")
    assert first is not None
    assert (first.connections, first.received, first.touched) == (0, 0, 0)
    _ask(own_proxy.listen, MORE_THAN_REMEMBERED)
    _closed(embedded)
    before = port.counters("p")
    assert before is not None
    assert (before.connections, before.received, before.touched) == (
        MORE_THAN_REMEMBERED,
        MORE_THAN_REMEMBERED * 10,
        0,
    )
    embedded.client.add_toxic("p", "noop")
    _ask(own_proxy.listen, 3)
    _closed(embedded)
    after = port.counters("p")
    assert after is not None
    assert after.touched == 3
    assert after.received - before.received == 30


def test_a_living_connection_that_meets_a_second_toxic_counts_again(
    embedded: Server, own_proxy: Proxy
) -> None:
    with connected(own_proxy.listen) as client:
        for number in (1, 2):
            embedded.client.add_toxic("p", "noop", name=f"n{number}")
            client.sendall(b"x")
            exactly(client, 1)
            assert embedded.client.counts("p")["met"] == number


@pytest.mark.real("toxiproxy-server")
def test_the_original_counts_nothing(server: Server) -> None:
    if server.kind == "real":
        server.client.create("p", "127.0.0.1:1")
        with pytest.raises(ToxiproxyRefused):
            server.client.counts("p")
        assert ServerProxies(server.client, counts=False).counters("p") is None
