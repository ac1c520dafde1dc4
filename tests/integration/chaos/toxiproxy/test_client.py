"""The adaptor over toxiproxy-python, against both servers."""

import socket
import sys
from collections.abc import Callable

import pytest

from battery.chaos.toxiproxy.client import Client
from battery.chaos.toxiproxy.discovery import PROGRAM, Server
from battery.chaos.toxiproxy.failure import (
    ToxiproxyFailed,
    ToxiproxyRefused,
    ToxiproxyUnreachable,
    ToxiproxyUnsuitable,
)
from battery.chaos.toxiproxy.nouns import Proxy, Toxic
from tests.integration.chaos.toxiproxy.peers import clocked, is_refused, upstream

ODD_NAMES = ["a b", "é", "50%", "a?b=c", "#", "<&>", "..."]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_name_can_be_found_again(server: Server, name: str) -> None:
    client = server.client
    client.create(name, "127.0.0.1:9")
    client.add_toxic(name, "latency", {"latency": 5}, name=name)
    client.change_toxic(name, name, {"jitter": 1}, toxicity=0.5)
    expected = Toxic(
        name=name, type="latency", stream="downstream", toxicity=0.5, attributes={"latency": 5, "jitter": 1}
    )
    assert client.toxics(name) == client.proxy(name).toxics == (expected,)
    client.disable(name)
    assert not client.proxies()[name].enabled
    client.enable(name)
    assert client.proxy(name).enabled
    client.remove_toxic(name, name)
    client.destroy(name)
    assert client.proxies() == {}


def test_a_toxic_has_a_name_of_its_own_accord(server: Server) -> None:
    server.client.create("p", "127.0.0.1:9")
    assert server.client.add_toxic("p", "noop", stream="upstream").name == "noop_upstream"


def test_a_change_keeps_what_it_does_not_name(server: Server) -> None:
    before = server.client.create("p", "127.0.0.1:9")
    after = server.client.change("p", upstream="127.0.0.1:10")
    assert after == Proxy(name="p", listen=before.listen, upstream="127.0.0.1:10", enabled=True)
    assert not server.client.change("p", enabled=False).enabled


def test_populate_and_reset(server: Server) -> None:
    wish = {"name": "p", "upstream": "127.0.0.1:9", "listen": "127.0.0.1:0", "enabled": False}
    assert [proxy.name for proxy in server.client.populate([wish])] == ["p"]
    assert server.client.populate([]) == ()
    server.client.add_toxic("p", "noop")
    server.client.reset()
    after = server.client.proxy("p")
    assert (after.enabled, after.toxics) == (True, ())


def test_what_the_server_refuses_is_told_in_its_words(server: Server) -> None:
    with pytest.raises(ToxiproxyRefused) as refused:
        server.client.proxy("x")
    assert str(refused.value) == "Toxiproxy refused to GET /proxies/x: proxy not found (HTTP 404)"
    assert (refused.value.status, refused.value.exit_code) == (404, 2)
    server.client.create("p", "127.0.0.1:9")
    with pytest.raises(ToxiproxyRefused, match=r"invalid toxic type \(HTTP 400\)"):
        server.client.add_toxic("p", "unheard")
    with pytest.raises(ToxiproxyRefused, match=r"proxy already exists \(HTTP 409\)"):
        server.client.create("p", "127.0.0.1:9")


def test_a_500_is_an_error_too(server: Server) -> None:
    listen = server.client.create("p", "127.0.0.1:9").listen
    server.client.disable("p")
    server.client.create("q", "127.0.0.1:9", listen)
    with pytest.raises(ToxiproxyRefused, match=r"address already in use \(HTTP 500\)"):
        server.client.enable("p")


@pytest.mark.parametrize("name", ["", ".", "..", "a/b"])
def test_a_name_that_the_original_could_not_find_again_is_refused(embedded: Server, name: str) -> None:
    with pytest.raises(ToxiproxyUnsuitable, match="cannot be the name"):
        embedded.client.create(name, "127.0.0.1:9")
    embedded.client.create("p", "127.0.0.1:9")
    if name:
        with pytest.raises(ToxiproxyUnsuitable, match="cannot be the name"):
            embedded.client.add_toxic("p", "noop", name=name)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "127.0.0.1:8474",
        "https://127.0.0.1:1",
        "http://",
        "http://h:x",
        "http://h/path",
        "http://h:99999",
    ],
)
def test_a_url_of_no_server_is_refused(url: str) -> None:
    with pytest.raises(ToxiproxyUnsuitable, match="no URL of a Toxiproxy server"):
        Client(url)


@pytest.mark.real(PROGRAM)
def test_two_clients_keep_their_servers_apart(servers: Callable[[str], Server]) -> None:
    one, other = servers("embedded").client, servers("real").client
    one.create("p", "127.0.0.1:9")
    assert other.proxies() == {}
    assert set(one.proxies()) == {"p"}
    one.destroy("p")


def test_the_library_that_others_import_is_not_touched(embedded: Server) -> None:
    api = pytest.importorskip("toxiproxy.api")
    with Client(embedded.url) as client:
        client.version()
    assert (api.APIConsumer.host, api.APIConsumer.port) == ("127.0.0.1", 8474)
    assert api.requests is sys.modules["requests"]
    assert not [name for name in sys.modules if name.startswith("_battery_toxiproxy")]


def test_a_proxy_of_the_environment_is_not_asked(embedded: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with Client(embedded.url) as client:
        assert client.version() == "2.12.0"


def test_nobody_there_is_told_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert is_refused(url.removeprefix("http://"))
    with Client(url) as client, pytest.raises(ToxiproxyUnreachable) as unreachable:
        client.version()
    assert str(unreachable.value) == (
        f"Toxiproxy at {url} does not answer within 5 s ([Errno 111] Connection refused); "
        "is it running, and is this its API's address?"
    )
    assert unreachable.value.exit_code == 2


def test_a_server_that_never_answers_is_given_up() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        Client(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2) as client,
        clocked() as seconds,
    ):
        with pytest.raises(ToxiproxyUnreachable, match=r"does not answer within 0\.2 s"):
            client.proxies()
        assert seconds() >= 0.19


def test_an_answer_that_is_no_json_is_told() -> None:
    def answer(accepted: socket.socket) -> None:
        accepted.recv(65536)
        accepted.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
        accepted.close()

    with upstream(answer) as other, Client(f"http://{other.address}") as client:
        with pytest.raises(ToxiproxyFailed, match="answers what is no JSON"):
            client.proxies()
        assert client.version() == "hi"
