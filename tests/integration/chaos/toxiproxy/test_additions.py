"""What the embedded server can beyond the original: connect faults, stalls, the first N connections, the journal, metrics."""

import re
import subprocess
import sys

import pytest

from battery.chaos.toxiproxy.child import child
from battery.chaos.toxiproxy.client import Client
from battery.chaos.toxiproxy.discovery import Server
from battery.chaos.toxiproxy.failure import ToxiproxyRefused
from battery.chaos.toxiproxy.nouns import Proxy
from tests.integration.chaos.toxiproxy.asking import Asker
from tests.integration.chaos.toxiproxy.peers import (
    Upstream,
    clocked,
    connected,
    eventually,
    exactly,
    is_reset,
    is_silent,
    to_the_end,
)

EARLY = 0.002
HOUR = 3_600_000


def test_a_slow_connect_delays_the_first_answer_only(embedded: Server, own_proxy: Proxy) -> None:
    embedded.client.add_toxic("p", "connect", {"delay": 150})
    with clocked() as seconds, connected(own_proxy.listen) as client:
        client.sendall(b"x")
        exactly(client, 1)
        assert seconds() >= 0.150 - EARLY
    (entry,) = embedded.client.connections("p")
    assert [each["type"] for each in entry["toxics"]] == ["connect"]


def test_a_refused_connect_resets_the_client(embedded: Server, own_proxy: Proxy) -> None:
    embedded.client.add_toxic("p", "connect", {"refuse": 1}, name="wall")
    try:
        with connected(own_proxy.listen) as client:
            assert is_reset(client)
    except ConnectionResetError:
        pass  # so soon that the client was still in its connect
    eventually(lambda: bool(embedded.client.connections("p")), "accepted")
    (entry,) = embedded.client.connections("p")
    assert (entry["closed_by"], entry["why"]) == ("wall", "connect: refused")


def test_a_waiting_connection_goes_on_when_the_connect_fault_is_removed(
    embedded: Server, own_proxy: Proxy
) -> None:
    embedded.client.add_toxic("p", "connect", {"delay": HOUR, "refuse": 1}, name="wall")
    with connected(own_proxy.listen) as client:
        client.sendall(b"x")
        eventually(lambda: bool(embedded.client.connections("p")), "accepted")
        embedded.client.remove_toxic("p", "wall")
        assert exactly(client, 1) == b"x"


@pytest.mark.parametrize(
    ("type_", "attributes"),
    [
        ("connect", {"delay": -1}),
        ("connect", {"refuse": 2}),
        ("stall", {"percent": 101}),
        ("stall", {"percent": -1}),
        ("noop", {"first": -1}),
    ],
)
def test_attributes_out_of_range_are_refused(
    embedded: Server, own_proxy: Proxy, type_: str, attributes: dict[str, int]
) -> None:
    with pytest.raises(ToxiproxyRefused, match=f"{type_}: .* must be"):
        embedded.client.add_toxic("p", type_, attributes)


def test_a_stall_of_every_chunk_delays_each(embedded: Server, own_proxy: Proxy) -> None:
    embedded.client.add_toxic("p", "stall", {"percent": 100, "delay": 100}, stream="upstream")
    with connected(own_proxy.listen) as client, clocked() as seconds:
        client.sendall(b"x")
        exactly(client, 1)
        assert seconds() >= 0.100 - EARLY


def test_a_stall_of_some_chunks_delays_some_and_loses_none(embedded: Server, own_proxy: Proxy) -> None:
    embedded.client.add_toxic("p", "stall", {"percent": 30, "delay": 30}, stream="upstream")
    took = []
    with connected(own_proxy.listen) as client:
        for _ in range(60):
            with clocked() as seconds:
                client.sendall(b"x")
                assert exactly(client, 1) == b"x"
                took.append(seconds())
    assert sum(each >= 0.030 - EARLY for each in took) >= 1


def test_only_the_first_connections_are_touched(embedded: Server, own_proxy: Proxy) -> None:
    toxic = embedded.client.add_toxic("p", "timeout", {"timeout": 0, "first": 2}, name="t")
    assert toxic.attributes == {"timeout": 0, "first": 2}
    for touched in (True, True, False, False):
        with connected(own_proxy.listen) as client:
            client.sendall(b"x")
            assert is_silent(client) is touched
    met = [[each["name"] for each in entry["toxics"]] for entry in embedded.client.connections("p")]
    assert met == [["t"], ["t"], [], []]


def test_an_update_counts_the_first_connections_anew(embedded: Server, own_proxy: Proxy) -> None:
    embedded.client.add_toxic("p", "timeout", {"timeout": 0, "first": 1}, name="t")
    with connected(own_proxy.listen) as held:
        held.sendall(b"x")
        assert is_silent(held)
    eventually(lambda: embedded.client.connections("p")[0]["closed"] is not None, "closed")
    embedded.client.change_toxic("p", "t", {"first": 1})
    with connected(own_proxy.listen) as client:
        client.sendall(b"x")
        assert is_silent(client)


def test_the_journal_tells_of_a_living_connection(
    embedded: Server, own_proxy: Proxy, echoing: Upstream
) -> None:
    embedded.client.add_toxic("p", "noop", name="n", stream="upstream")
    with connected(own_proxy.listen) as client:
        client.sendall(b"12345")
        exactly(client, 5)
        (entry,) = embedded.client.connections("p")
        assert entry["client"] == "{}:{}".format(*client.getsockname())
        assert (entry["upstream"], entry["closed"], entry["closed_by"]) == (echoing.address, None, "")
        both = {"received": 5, "sent": 5}
        assert entry["bytes"] == {"upstream": both, "downstream": both}
        expected = {"name": "n", "type": "noop", "stream": "upstream", "chunks": 1, "bytes": 5}
        assert entry["toxics"] == [expected]


@pytest.mark.parametrize(
    ("attributes", "by", "why"),
    [
        (("limit_data", {"bytes": 3}), "t", "limit_data: 3 bytes have passed"),
        (("timeout", {"timeout": 50}), "t", "timeout: 50 ms are over"),
        (("reset_peer", {"timeout": 0}), "t", "reset_peer after 0 ms"),
        (("noop", {}), "client", "ended its direction first"),
    ],
)
def test_the_journal_tells_who_closed_and_why(
    embedded: Server, own_proxy: Proxy, attributes: tuple[str, dict[str, int]], by: str, why: str
) -> None:
    embedded.client.add_toxic("p", *attributes, name="t")
    with connected(own_proxy.listen) as client:
        client.sendall(b"12345")
        if attributes[0] == "noop":
            exactly(client, 5)
        else:
            is_reset(client)
    eventually(lambda: embedded.client.connections("p")[0]["closed"] is not None, "closed")
    (entry,) = embedded.client.connections("p")
    assert (entry["closed_by"], entry["why"]) == (by, why)
    assert entry["closed"] >= entry["opened"]


def test_the_journal_tells_that_nobody_was_there(embedded: Server, echoing: Upstream) -> None:
    echoing.close()
    listen = embedded.client.create("p", echoing.address).listen
    with connected(listen) as client:
        assert to_the_end(client) == b""
    (entry,) = embedded.client.connections("p")
    assert entry["closed_by"] == "proxy"
    assert entry["why"].startswith(f"{echoing.address} cannot be reached: ")


def test_bytes_that_a_toxic_swallowed_were_received_and_not_sent(embedded: Server, own_proxy: Proxy) -> None:
    embedded.client.add_toxic("p", "timeout", {"timeout": 0}, stream="upstream")
    with connected(own_proxy.listen) as client:
        client.sendall(b"12345")
        counted = {"received": 5, "sent": 0}
        eventually(
            lambda: [entry["bytes"]["upstream"] for entry in embedded.client.connections("p")] == [counted],
            "five bytes are swallowed",
        )


def test_metrics_count_bytes_of_each_proxy_and_direction(echoing: Upstream) -> None:
    with child("battery.chaos.toxiproxy", ("--metrics",)) as running, Client(running.url) as client:
        listen = client.create('p"\\', echoing.address).listen
        with connected(listen) as connection:
            connection.sendall(b"12345")
            exactly(connection, 5)
            asker = Asker(running.url)
            told = asker("GET", "/metrics")
            asker.close()
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = re.findall(
        r'^toxiproxy_proxy_(\w+)\{direction="(\w+)",listener="([^"]+)",(.*)\} (\d+)$',
        told.body.decode(),
        re.MULTILINE,
    )
    labels = f'proxy="p\\"\\\\",upstream="{echoing.address}"'
    assert found == [
        (name, direction, listen, labels, "5")
        for name in ("received_bytes_total", "sent_bytes_total")
        for direction in ("downstream", "upstream")
    ]


def test_metrics_can_be_read_by_prometheus_own_parser(echoing: Upstream) -> None:
    from prometheus_client.parser import text_string_to_metric_families

    with child("battery.chaos.toxiproxy", ("--metrics",)) as running, Client(running.url) as client:
        client.create("p", echoing.address)
        asker = Asker(running.url)
        families = list(text_string_to_metric_families(asker("GET", "/metrics").body.decode()))
        asker.close()
    assert [(family.name, family.type, len(family.samples)) for family in families] == [
        ("toxiproxy_proxy_received_bytes", "counter", 2),
        ("toxiproxy_proxy_sent_bytes", "counter", 2),
    ]


def test_without_uvloop_the_server_works_all_the_same(echoing: Upstream) -> None:
    code = (
        "import sys; sys.modules['uvloop'] = None; sys.argv = ['x'];"
        "from battery.chaos.toxiproxy.__main__ import main; sys.exit(main())"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        with Client(f"http://127.0.0.1:{int(process.stdout.readline())}") as client:
            listen = client.create("p", echoing.address).listen
            client.add_toxic("p", "latency", {"latency": 50})
            with connected(listen) as connection, clocked() as seconds:
                connection.sendall(b"12345")
                assert exactly(connection, 5) == b"12345"
                assert seconds() >= 0.050 - EARLY
        process.terminate()
        assert process.wait(20) == 0
