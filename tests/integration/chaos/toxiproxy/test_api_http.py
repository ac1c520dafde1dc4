"""The contract of the API, over the embedded server and the original: HTTP, routes, the version."""

import re
import socket

import pytest

from battery.chaos.toxiproxy.discovery import Server
from tests.integration.chaos.toxiproxy.asking import Asker

LOOPBACK = "127.0.0.1:0"
UNBINDABLE = "192.0.2.1:5"  # an address for documentation, which no machine has
WISH = {"name": "a", "listen": LOOPBACK, "upstream": "127.0.0.1:9"}
ADDRESS = re.compile(r"127\.0\.0\.1:[1-9][0-9]*")


def test_the_version_is_told_as_json(ask: Asker, server: Server) -> None:
    told = ask("GET", "/version")
    assert (told.status, told.headers["content-type"]) == (200, "application/json;charset=utf-8")
    assert told.json() == {"version": server.version}
    assert server.version == ("2.12.0" if server.kind == "embedded" else server.version)


@pytest.mark.parametrize(
    "path", ["/", "/nope", "/proxies/", "/proxies/a/toxics/", "/metrics", "/proxies/a/b"]
)
def test_an_unknown_path_is_not_found(ask: Asker, path: str) -> None:
    told = ask("GET", path)
    assert (told.status, told.body) == (404, b"404 page not found\n")
    assert "x-toxiproxy-request-id" not in told.headers


def test_a_wrong_method_is_not_allowed(ask: Asker) -> None:
    for method, path in [("PUT", "/proxies"), ("HEAD", "/proxies"), ("POST", "/version"), ("GET", "/reset")]:
        assert ask(method, path).status == 405


def test_a_path_that_is_not_clean_is_redirected(ask: Asker) -> None:
    told = ask("GET", "/proxies//a/./b/../c?x=1")
    assert (told.status, told.headers["location"]) == (301, "/proxies/a/c?x=1")


def test_a_browser_is_sent_away(ask: Asker) -> None:
    told = ask("GET", "/proxies", headers={"User-Agent": "Mozilla/5.0 (X11)"})
    assert (told.status, told.body) == (403, b"User agent not allowed\n")
    assert told.headers["x-toxiproxy-request-id"]


def test_two_requests_have_two_ids(ask: Asker) -> None:
    ids = {ask("GET", "/version").headers["x-toxiproxy-request-id"] for _ in range(3)}
    assert len(ids) == 3


def test_requests_may_come_in_one_piece_and_in_many(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    request = b"GET /version HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection((host, int(port)), 20) as client:
        for piece in (request + request[:10], request[10:]):
            client.sendall(piece)
        data = b""
        while data.count(b'{"version"') < 2:
            more = client.recv(65536)
            assert more
            data += more
    assert data.count(b"HTTP/1.1 200 OK") == 2


def test_a_client_that_asks_for_it_is_told_to_go_on(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 20) as client:
        head = b"POST /populate HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\n"
        client.sendall(head)
        assert client.recv(65536).startswith(b"HTTP/1.1 100 Continue")
        client.sendall(b"[]")
        assert b"201 Created" in client.recv(65536)


def test_what_is_not_http_is_refused(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 20) as client:
        client.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n")
        assert client.recv(65536).startswith(b"HTTP/1.1 400 Bad Request")
