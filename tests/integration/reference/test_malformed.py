"""What is not HTTP."""

import json
import socket

import pytest

from battery.reference.demo import ReferenceTarget


def _answer_to(target: ReferenceTarget, *parts: bytes) -> bytes:
    """Everything the service says until it closes, to parts that are sent one after another."""
    port = int(target.url.rpartition(":")[2])
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        for part in parts:
            connection.sendall(part)
            heard += connection.recv(65536)
        while more := connection.recv(65536):
            heard += more
    return heard


@pytest.mark.parametrize(
    "request_", [b"\x16\x03\x01\x00\xa5\r\n\r\n", b"GET / HTTP/9.x\r\n\r\n", b"GET /\r\n\r\n"]
)
def test_it_is_refused_like_any_other_bad_request(target: ReferenceTarget, request_: bytes) -> None:
    head, _, body = _answer_to(target, request_).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"content-type: application/problem+json" in head
    assert b"x-content-type-options: nosniff" in head
    assert json.loads(body)["status"] == 400


def test_a_good_request_on_the_same_connection_is_answered_first(target: ReferenceTarget) -> None:
    good = b"GET /api/health/live HTTP/1.1\r\nhost: x\r\n\r\n"
    heard = _answer_to(target, good, b"nonsense\r\n\r\n")
    assert heard.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"HTTP/1.1 400 Bad Request\r\n" in heard


def test_a_body_that_breaks_off_into_nonsense_ends_the_connection(target: ReferenceTarget) -> None:
    head = b"POST /api/orders HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n"
    heard = _answer_to(target, head + b"zz\r\n")
    assert heard.startswith(b"HTTP/1.1 4")
    assert heard.count(b"HTTP/1.1 ") == 1
