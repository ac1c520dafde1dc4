"""SIGTERM while a request is in flight."""

import http.client
import os
import signal
import socket
import time
from contextlib import closing
from pathlib import Path

import httpx

from battery.reference.demo import ReferenceTarget

BODY = b'{"item": "bolt", "quantity": 1, "unit_price_cents": 2}'


def _in_progress(client: httpx.Client) -> int:
    lines = client.get("/metrics").text.splitlines()
    [line] = [line for line in lines if line.startswith("http_requests_in_progress ")]
    return int(line.split()[1])


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False  # refused; or left unanswered, when the socket closes at this very moment
    return True


def _begin_order(connection: http.client.HTTPConnection) -> None:
    """Send the head of the request and half its body."""
    connection.putrequest("POST", "/api/orders")
    connection.putheader("content-type", "application/json")
    connection.putheader("content-length", str(len(BODY)))
    connection.endheaders(BODY[:20])


def test_a_request_in_flight_is_finished_before_the_service_ends(tmp_path: Path) -> None:
    deadline = time.monotonic() + 10
    with ReferenceTarget(tmp_path) as target, httpx.Client(base_url=target.url) as client:
        port = int(target.url.rpartition(":")[2])
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            _begin_order(connection)
            while _in_progress(client) < 2:
                assert time.monotonic() < deadline
            os.kill(target.pid, signal.SIGTERM)
            while _accepts(port):
                assert time.monotonic() < deadline
            connection.send(BODY[20:])
            with connection.getresponse() as answer:
                assert answer.status == 201
                # The client is told, so that its next request does not cross the close of the connection.
                assert answer.getheader("connection") == "close"
    with ReferenceTarget(tmp_path) as target:
        assert httpx.get(f"{target.url}/api/orders/1").status_code == 200


def test_a_request_that_never_ends_does_not_hold_the_service_up(tmp_path: Path) -> None:
    with ReferenceTarget(tmp_path, stop_seconds=30) as target, httpx.Client(base_url=target.url) as client:
        port = int(target.url.rpartition(":")[2])
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            _begin_order(connection)
            while _in_progress(client) < 2:
                pass
            started = time.monotonic()
            target.__exit__(None, None, None)
            assert time.monotonic() - started < 8
    assert '"status":499' in target.log.read_text()
