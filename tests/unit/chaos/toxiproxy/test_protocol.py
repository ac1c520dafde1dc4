import asyncio
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.chaos.toxiproxy.server.api.protocol import HttpProtocol, Ids
from battery.chaos.toxiproxy.server.api.routes import Request, Routes
from battery.chaos.toxiproxy.server.plane.collection import Collection
from battery.chaos.toxiproxy.server.plane.timers import Timers


class Wire(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closed = asyncio.Event()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.closed.is_set()

    def close(self) -> None:
        self.closed.set()


class Broken(Routes):
    """Routes with a defect."""

    async def answer(self, request: Request) -> None:  # type: ignore[override]
        raise KeyError("oops")


def asked(pieces: Sequence[bytes], routes: type[Routes] = Routes) -> bytes:
    """What is answered to these bytes until the connection is closed."""

    async def run() -> bytes:
        timers = Timers(asyncio.get_running_loop())
        wire, protocol = Wire(), HttpProtocol(routes(Collection(timers, random.Random())), Ids())
        protocol.connection_made(wire)
        for piece in pieces:
            protocol.data_received(piece)
        await asyncio.wait_for(wire.closed.wait(), 20)
        protocol.connection_lost(None)
        protocol.data_received(b"GET")
        timers.close()
        return wire.written

    return asyncio.run(run())


def test_requests_are_answered_in_their_order() -> None:
    pieces = [b"GET /version HTTP/1.1\r\n\r\nGET /no HT", b"TP/1.0\r\n\r\n"]
    told = asked(pieces)
    assert told.index(b"200 OK") < told.index(b"404 Not Found") < told.index(b"Connection: close")


def test_a_request_for_a_proxy_of_the_web_is_read_by_its_path() -> None:
    told = asked([b"GET http://127.0.0.1:1/version?x HTTP/1.0\r\n\r\n"])
    assert b'{"version": "2.12.0"}' in told
    assert b"404" in asked([b"GET http://127.0.0.1:1 HTTP/1.0\r\n\r\n"])


def test_a_head_without_end_is_refused() -> None:
    assert asked([b"GET / HTTP/1.1\r\n", b"x: " + b"y" * 70_000]).startswith(b"HTTP/1.1 431 ")


def test_a_body_without_end_is_refused() -> None:
    head = b"POST /reset HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n"
    assert asked([head, b"x" * (17 << 20)]).startswith(b"HTTP/1.1 413 ")


def test_what_is_not_http_is_refused() -> None:
    assert asked([b"\x16\x03\x01hello\r\n\r\n"]).startswith(b"HTTP/1.1 400 Bad Request")


_H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n"
_NEXT = b"GET /proxies HTTP/1.0\r\n\r\n"


@given(cut=st.integers(0, 400))
@settings(deadline=None, max_examples=25)
def test_a_wish_for_another_protocol_is_answered_as_http_1_1_with_its_body(cut: int) -> None:
    body = b'{"name": "p", "upstream": "127.0.0.1:1", "enabled": false}'
    length = b"Content-Length: %d\r\nExpect: 100-continue\r\n" % len(body)
    data = b"POST /proxies HTTP/1.1\r\nHost: x\r\n" + _H2C + length + b"\r\n" + body + _NEXT
    told = asked([data[:cut], data[cut:]])
    assert told.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\n")
    assert told.count(b"HTTP/1.1 ") == 3
    assert told.count(b'"name":"p"') == 2


def test_a_wish_without_a_body_is_answered_and_so_is_what_follows_it() -> None:
    told = asked([b"GET /version HTTP/1.1\r\n" + _H2C + b"\r\n" + _NEXT])
    assert told.index(b'{"version": "2.12.0"}') < told.index(b"Connection: close")


def test_connect_is_not_found_and_what_follows_it_is_answered() -> None:
    told = asked([b"CONNECT a:1 HTTP/1.1\r\n\r\n" + _NEXT])
    assert [answer[:3] for answer in told.split(b"HTTP/1.1 ")] == [b"", b"404", b"200"]


def test_a_defect_is_told_and_nobody_waits_for_good() -> None:
    told = asked([b"GET /version HTTP/1.0\r\n\r\n"], Broken)
    assert told.startswith(b"HTTP/1.1 500 ")
    assert b"internal error: KeyError" in told


@pytest.mark.parametrize("path", ["/%ff", "/proxies/%zz", "/proxies/%", "//", "/..", "*"])
def test_odd_paths_are_not_found_and_break_nothing(path: str) -> None:
    told = asked([f"GET {path} HTTP/1.0\r\n\r\n".encode()])
    assert told.split(b" ")[1] in {b"404", b"301", b"400"}
