"""A target that asks a dependency over TCP for each request, with or without a circuit breaker of a known threshold."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REST = 1.0
_LIMIT = 1.0


class Guard:
    """Opens after so many failures in a row (0: never), tries once a rest, closes with the first success."""

    def __init__(self, threshold: int) -> None:
        self._threshold = threshold
        self._lock = threading.Lock()
        self._failures, self._next_try = 0, 0.0

    def admits(self) -> bool:
        """Whether a call may be made."""
        with self._lock:
            if not self._threshold or self._failures < self._threshold:
                return True
            if time.monotonic() < self._next_try:
                return False
            self._next_try = time.monotonic() + REST
            return True

    def told(self, ok: bool) -> None:
        """How a call went."""
        with self._lock:
            self._failures = 0 if ok else self._failures + 1
            if self._failures == self._threshold:
                self._next_try = time.monotonic() + REST


def asked(place: tuple[str, int]) -> bool:
    """Whether the dependency answers a line."""
    try:
        with socket.create_connection(place, _LIMIT) as connection:
            connection.sendall(b"price?\n")
            return bool(connection.recv(100))
    except OSError:
        return False


@contextmanager
def guarded_target(threshold: int) -> Iterator["GuardedTarget"]:
    """Answers inside the block."""
    target = GuardedTarget(threshold)
    thread = threading.Thread(target=target.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield target
    finally:
        target.server.shutdown()
        target.server.server_close()
        thread.join()


class GuardedTarget:
    """/ready is always 200; every other path needs the dependency, whose place is told later."""

    def __init__(self, threshold: int) -> None:
        guard = Guard(threshold)
        self.dependency: tuple[str, int] = ("127.0.0.1", 1)
        target = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.send_response(200 if self.path == "/ready" else self._status())
                self.send_header("Content-Length", "0")
                self.end_headers()

            def _status(self) -> int:
                if not guard.admits():
                    return 503
                ok = asked(target.dependency)
                guard.told(ok)
                return 200 if ok else 502

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base class's name
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
