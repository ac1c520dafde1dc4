"""Robustness: servers that die, hang, fail or let slow clients keep others out."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from msgspec.structs import replace

from battery.scan.rules import scan_rules
from tests.integration.scan.target.scripted import QUICK, Heard, Said, rules, scan, serving

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
BAD = OK.replace(b"200 OK", b"400 Bad Request")
Answer = Callable[[bytes], bytes | None]


class _Raw(socketserver.ThreadingTCPServer):
    request_queue_size = 128
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is nothing to tell."""


@contextmanager
def raw(answer: Answer) -> Iterator[str]:
    """A server that reads a head and answers bytes; None keeps the connection open without a word."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            head = b""
            connection: socket.socket = self.request
            while b"\r\n\r\n" not in head and len(head) < 1_000_000:
                if not (more := connection.recv(65536)):
                    return
                head += more
            said = answer(head)
            if said is None:
                while connection.recv(65536):
                    continue
                return
            connection.sendall(said)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                continue

    with _Raw(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def is_sound(head: bytes) -> bool:
    """Whether it is the plain request that the scanner asks for health with."""
    return head.startswith(b"GET / HTTP/1.1\r\nHost: 127") and b"hardening-battery\r\n" in head


def test_a_server_that_refuses_everything_odd_is_clean() -> None:
    with raw(lambda head: OK if is_sound(head) else BAD) as url:
        result = scan(url, "robustness")
    assert result.found == ()
    assert result.incomplete == ()
    assert result.ledger.scanned == result.ledger.discovered == 24
    assert all(canary.seen for canary in result.canaries)


@pytest.mark.parametrize(
    ("says", "rule", "severity"),
    [
        (OK.replace(b"200", b"500"), "target.robustness.server-error", "medium"),
        (OK, "target.robustness.smuggling", "medium"),
        (OK, "target.robustness.accepts-malformed", "low"),
        (b"", "target.robustness.no-answer", "info"),
    ],
)
def test_what_is_said_to_malformed_requests_is_judged(says: bytes, rule: str, severity: str) -> None:
    with raw(lambda head: OK if is_sound(head) else says) as url:
        result = scan(url, "robustness")
    assert rule in rules(result)
    assert scan_rules()[rule].severity == severity


def test_a_server_that_says_nothing_to_a_malformed_request_hangs() -> None:
    def answer(head: bytes) -> bytes | None:
        return OK if is_sound(head) else None if b"no HTTP" in head else BAD

    with raw(answer) as url:
        result = scan(url, "robustness", limits=replace(QUICK, deadline=2))
    assert rules(result) == {"target.robustness.hangs"}


def test_a_server_that_dies_of_a_request_is_critical_and_nothing_more_is_sent() -> None:
    dead = threading.Event()

    def answer(head: bytes) -> bytes:
        if b"X-Nul: a\0b" in head:
            dead.set()
        return OK.replace(b"200", b"503") if dead.is_set() else OK if is_sound(head) else BAD

    with raw(answer) as url:
        result = scan(url, "robustness", limits=replace(QUICK, patience=0.3))
    assert rules(result) == {"target.robustness.crash"}
    assert result.found[0].content == "NUL in a header"
    assert scan_rules()["target.robustness.crash"].severity == "critical"
    assert "stopped answering after NUL in a header" in " ".join(result.incomplete)
    assert result.ledger.adds_up


def test_a_server_with_one_worker_is_kept_busy_by_slow_clients() -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Single(HTTPServer):
        request_queue_size = 128

        def handle_error(self, *_: Any) -> None:
            """A client that hangs up is nothing to tell."""

    with Single(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            limits = replace(QUICK, deadline=2)
            result = scan(f"http://127.0.0.1:{server.server_port}", "robustness", limits=limits)
        finally:
            server.shutdown()
            thread.join()
    assert "target.robustness.slow-clients" in rules(result)


def test_an_unhealthy_server_proves_nothing() -> None:
    def script(_: Heard) -> Said:
        return Said(500)

    with serving(script) as url:
        result = scan(url, "robustness")
    assert "not healthy to begin with: status 500" in " ".join(result.incomplete)
    assert result.ledger.scanned == 0
