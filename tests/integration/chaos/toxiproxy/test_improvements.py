"""Where the original misbehaves and the embedded server does not: a test for each."""

import contextlib
import random
import socket
import threading
from collections.abc import Iterator

import pytest

from battery.chaos.toxiproxy.discovery import Server
from battery.chaos.toxiproxy.nouns import Proxy, Stream
from tests.integration.chaos.toxiproxy.asking import Asker
from tests.integration.chaos.toxiproxy.peers import (
    PATIENCE,
    Upstream,
    answer_at_end,
    clocked,
    connected,
    eventually,
    exactly,
    idle,
    is_reset,
    is_silent,
    to_the_end,
    upstream,
)

LATE = 5.0
HOUR = 3_600_000
STREAMS: tuple[Stream, ...] = ("upstream", "downstream")


@pytest.mark.parametrize("toxics", [(), ("noop",), ("latency", "slicer")])
def test_a_half_closed_connection_still_gets_its_answer(embedded: Server, toxics: tuple[str, ...]) -> None:
    attributes = {"latency": {"latency": 20}, "slicer": {"average_size": 3, "delay": 100}}
    with upstream(answer_at_end) as peer:
        listen = embedded.client.create("p", peer.address).listen
        for type_ in toxics:
            for stream in STREAMS:
                embedded.client.add_toxic("p", type_, attributes.get(type_), stream=stream)
        with connected(listen) as client:
            client.sendall(b"x" * 1000)
            client.shutdown(socket.SHUT_WR)
            assert to_the_end(client) == b"1000 bytes"


@pytest.mark.parametrize(
    ("type_", "attributes", "words"),
    [
        ("bandwidth", {"rate": -1}, "bandwidth: rate is -1, must be 0 or more (KB/s; 0 stalls)"),
        ("slicer", {}, "slicer: average_size is 0, must be 1 or more (bytes)"),
        ("slicer", {"average_size": -1}, "slicer: average_size is -1, must be 1 or more (bytes)"),
        (
            "slicer",
            {"average_size": 5, "size_variation": 5},
            "slicer: size_variation is 5, must be 0 or more and less than the average_size 5 (bytes)",
        ),
    ],
)
def test_attributes_that_would_crash_the_original_are_refused(
    ask_embedded: Asker, own_proxy: Proxy, type_: str, attributes: dict[str, int], words: str
) -> None:
    told = ask_embedded("POST", "/proxies/p/toxics", {"type": type_, "attributes": attributes})
    assert (told.status, told.json()["error"]) == (400, f"bad request body: {words}")
    assert ask_embedded("GET", "/proxies/p/toxics").json() == []


def test_an_update_cannot_make_a_toxic_what_it_could_not_have_been(
    ask_embedded: Asker, own_proxy: Proxy
) -> None:
    wish = {"type": "slicer", "name": "s", "attributes": {"average_size": 5}}
    before = ask_embedded("POST", "/proxies/p/toxics", wish).json()
    told = ask_embedded("PATCH", "/proxies/p/toxics/s", {"attributes": {"size_variation": 9}})
    assert told.status == 400
    assert ask_embedded("GET", "/proxies/p/toxics/s").json() == before


def test_a_refused_update_changes_nothing_at_all(ask_embedded: Asker, own_proxy: Proxy) -> None:
    wish = {"type": "latency", "name": "l", "attributes": {"latency": 1}}
    before = ask_embedded("POST", "/proxies/p/toxics", wish).json()
    wish = {"attributes": {"latency": 2}, "toxicity": "x"}
    assert ask_embedded("PATCH", "/proxies/p/toxics/l", wish).status == 400
    assert ask_embedded("GET", "/proxies/p/toxics/l").json() == before


@pytest.mark.parametrize("type_", ["reset_peer", "timeout"])
@pytest.mark.parametrize("stream", ["upstream", "downstream"])
def test_removing_a_toxic_that_holds_a_connection_does_not_block(
    embedded: Server, own_proxy: Proxy, type_: str, stream: Stream
) -> None:
    embedded.client.add_toxic("p", type_, {"timeout": HOUR}, name="t", stream=stream)
    with connected(own_proxy.listen) as client:
        client.sendall(b"x")
        _wait_for_bytes(embedded, "t")
        with clocked() as seconds:
            embedded.client.remove_toxic("p", "t")
            assert seconds() < LATE
        # What it swallowed cannot come back, so the connection must not go on as if nothing had been.
        assert is_reset(client) if type_ == "reset_peer" else to_the_end(client) == b""


def test_a_removed_reset_leaves_a_connection_alone_that_lost_nothing(
    embedded: Server, own_proxy: Proxy
) -> None:
    with connected(own_proxy.listen) as client:
        embedded.client.add_toxic("p", "reset_peer", {"timeout": HOUR}, name="t")
        embedded.client.remove_toxic("p", "t")
        client.sendall(b"x")
        assert exactly(client, 1) == b"x"


def test_a_timeout_is_not_put_off_by_a_talkative_client(embedded: Server, own_proxy: Proxy) -> None:
    embedded.client.add_toxic("p", "timeout", {"timeout": 300}, stream="upstream")
    with clocked() as seconds, connected(own_proxy.listen) as client:
        client.settimeout(0.05)
        while True:
            with contextlib.suppress(OSError):
                client.sendall(b"x")
            try:
                if client.recv(1) == b"":
                    break
            except TimeoutError:
                assert seconds() < LATE, "still open"
            except ConnectionResetError:
                break
        assert seconds() >= 0.298


def test_an_upstream_that_never_answers_the_connect_holds_up_nobody_else(embedded: Server) -> None:
    with _black_hole() as hole, upstream() as peer:
        listen = embedded.client.create("p", hole).listen
        with contextlib.ExitStack() as stack:
            waiting = [stack.enter_context(connected(listen)) for _ in range(3)]
            assert all(is_silent(client, 0.05) for client in waiting)
            other = embedded.client.create("q", peer.address).listen
            with connected(other) as client:
                client.sendall(b"x")
                assert exactly(client, 1) == b"x"
            eventually(lambda: len(embedded.client.connections("p")) == 3, "all three are accepted")
            assert all(entry["closed"] is None for entry in embedded.client.connections("p"))


def test_a_toxicity_of_zero_never_touches_a_connection(embedded: Server) -> None:
    with upstream(idle) as peer:
        listen = embedded.client.create("p", peer.address).listen
        embedded.client.add_toxic("p", "reset_peer", {"timeout": 0}, toxicity=0.0)
        with connected(listen) as client:
            client.sendall(b"x")
            exactly(peer.connection(), 1)
            peer.connection().sendall(b"bye")
            peer.connection().close()
            assert to_the_end(client) == b"bye"  # the original makes a reset of every end under this toxic
        (entry,) = embedded.client.connections("p")
        assert entry["toxics"] == []


def test_a_reset_is_passed_on_as_a_reset(embedded: Server) -> None:
    with upstream(idle) as peer:
        listen = embedded.client.create("p", peer.address).listen
        with connected(listen) as client:
            client.sendall(b"x")
            exactly(peer.connection(), 1)
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
            peer.connection().setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            peer.connection().close()
            assert is_reset(client)


def test_held_data_comes_when_a_stalling_toxic_is_removed(embedded: Server, own_proxy: Proxy) -> None:
    embedded.client.add_toxic("p", "bandwidth", {"rate": 0}, name="b")
    with connected(own_proxy.listen) as client:
        data = bytes(range(256)) * 40
        client.sendall(data)
        assert is_silent(client)
        embedded.client.remove_toxic("p", "b")
        assert exactly(client, len(data)) == data


def test_a_stalled_reader_stops_the_sender_and_all_arrives_in_the_end(embedded: Server) -> None:
    with upstream(idle) as peer:
        listen = embedded.client.create("p", peer.address).listen
        embedded.client.add_toxic("p", "bandwidth", {"rate": 0}, name="b", stream="upstream")
        with connected(listen) as client:
            client.settimeout(0.5)
            sent = 0
            try:
                while sent < 256 << 20:
                    sent += client.send(b"x" * 65536)
            except TimeoutError:
                pass
            assert sent < 256 << 20, "a proxy that reads without end would take all of it"
            embedded.client.remove_toxic("p", "b")
            client.settimeout(PATIENCE)
            client.shutdown(socket.SHUT_WR)
            assert len(to_the_end(peer.connection())) == sent


def test_no_byte_is_lost_or_doubled_while_toxics_come_change_and_go(
    embedded: Server, own_proxy: Proxy
) -> None:
    source = random.Random(7)
    kinds: dict[str, dict[str, int]] = {
        "latency": {"latency": 3, "jitter": 3},
        "bandwidth": {"rate": 20_000},
        "slicer": {"average_size": 5000, "size_variation": 4000, "delay": 20},
        "stall": {"percent": 20, "delay": 3},
        "noop": {},
    }
    data = source.randbytes(2 << 20)
    with connected(own_proxy.listen) as client:
        sender = threading.Thread(target=client.sendall, args=(data,), daemon=True)
        sender.start()
        received = bytearray()
        while len(received) < len(data):
            name = f"t{source.randrange(4)}"
            there = {toxic.name: toxic for toxic in embedded.client.toxics("p")}
            if name not in there:
                type_ = source.choice(sorted(kinds))
                embedded.client.add_toxic("p", type_, kinds[type_], name=name, stream=source.choice(STREAMS))
            elif source.random() < 0.5:
                embedded.client.change_toxic("p", name, kinds[there[name].type], toxicity=source.random())
            else:
                embedded.client.remove_toxic("p", name)
            received += client.recv(65536)
        assert bytes(received) == data
        sender.join(PATIENCE)
    eventually(lambda: embedded.client.connections("p")[0]["closed"] is not None, "closed")


def test_a_name_with_a_slash_can_be_found_again(ask_embedded: Asker) -> None:
    wish = {"name": "a/b", "upstream": "x:1", "listen": "127.0.0.1:0"}
    assert ask_embedded("POST", "/proxies", wish).status == 201
    assert ask_embedded("GET", "/proxies/a%2Fb").json()["name"] == "a/b"
    assert ask_embedded("DELETE", "/proxies/a%2Fb").status == 204


def test_a_reset_that_cannot_enable_one_proxy_still_resets_the_others(
    ask_embedded: Asker, own_proxy: Proxy
) -> None:
    bad = {"name": "a", "upstream": "x:1", "listen": "192.0.2.1:5", "enabled": False}
    ask_embedded("POST", "/proxies", bad)
    for name in ("a", "p"):
        ask_embedded("POST", f"/proxies/{name}/toxics", {"type": "noop"})
    told = ask_embedded("POST", "/reset")
    assert (told.status, told.json()["error"][:29]) == (500, "listen tcp 192.0.2.1:5: bind:")
    assert [each["toxics"] for each in ask_embedded("GET", "/proxies").json().values()] == [[], []]


def test_a_proxy_tells_nothing_of_the_server_s_inside(ask_embedded: Asker, own_proxy: Proxy) -> None:
    assert "Logger" not in ask_embedded("GET", "/proxies/p").json()


def _wait_for_bytes(server: Server, toxic: str) -> None:
    def reached() -> bool:
        met = [each for entry in server.client.connections("p") for each in entry["toxics"]]
        return any(each["name"] == toxic and each["bytes"] for each in met)

    eventually(reached, f"bytes reach {toxic}")


@contextlib.contextmanager
def _black_hole() -> Iterator[str]:
    """An address of this machine that answers no connect: its queue is full, and nobody accepts."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        for _ in range(8):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        yield f"127.0.0.1:{port}"


def test_the_end_of_a_black_holed_client_leaves_nothing(embedded: Server, echoing: Upstream) -> None:
    with _black_hole() as hole:
        listen = embedded.client.create("p", hole).listen
        with connected(listen) as client:
            client.sendall(b"x")
            eventually(lambda: len(embedded.client.connections("p")) == 1, "accepted")
        embedded.client.disable("p")
        (entry,) = embedded.client.connections("p")
        assert (entry["closed_by"], entry["why"]) == ("proxy", "the proxy was disabled")
