"""A small shop that can be observed: health, metrics, a log, one dependency; and each of these can be made to lie.

`python -m tests.fakes.observed_target --port P …` serves until it is ended; in a test it is a context.
"""

import argparse
import json
import re
import socket
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

LIES = (
    "catch_all",  # every path is answered with 200
    "deaf",  # ready never looks at the dependency
    "hypochondriac",  # live fails with the dependency
    "stuck",  # ready never comes back
    "headless",  # HEAD is answered with 500
    "frozen",  # the metrics never move
    "misses",  # one request in fifty is not counted
    "malformed",  # the metrics do not parse
    "huge",  # the metrics are 50 MB
    "counterless",  # nothing counts requests
    "chatty",  # the log is prose
    "anonymous",  # the log tells no request id
    "leaky",  # the log holds the Authorization header
    "traceless",  # the trace is dropped
)
S = TypeVar("S", bound=socketserver.BaseServer)
_BOUNDS = (0.005, 0.1, 1.0)


class Shop(ThreadingHTTPServer):
    """Serves on a loopback port; `lies` are some of LIES."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, port: int = 0, *, lies: Sequence[str] = (), dependency: str = "", log: Path | None = None
    ) -> None:
        assert set(lies) <= set(LIES), lies
        self.lies, self.dependency, self.log, self.worked = lies, dependency, log, 0
        self.lock, self.counted, self.number, self.up, self.was_down = (
            threading.Lock(),
            Counter[str](),
            0,
            1,
            False,
        )
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def count(self, status: int) -> None:
        """One request more, unless this is one of those that are missed."""
        with self.lock:
            self.number += 1
            if "misses" not in self.lies or self.number % 50:
                self.counted[str(status)] += 1

    def asks(self) -> bool:
        """Whether the dependency answers."""
        if not self.dependency:
            return True
        host, _, port = self.dependency.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), 1.0) as asked:
                asked.sendall(b"ping\n")
                asked.settimeout(1.0)
                answers = asked.recv(16) == b"pong\n"
        except OSError:
            answers = False
        self.up, self.was_down = int(answers), self.was_down or not answers
        return answers

    def metrics(self) -> str:
        """The exposition."""
        if "malformed" in self.lies:
            return "shop_requests_total{ 5\n"
        with self.lock:
            counted = {"200": 7} if "frozen" in self.lies else dict(self.counted)
        total = sum(counted.values())
        lines = [
            "# HELP shop_dependency_up 1 while the dependency answers.",
            "# TYPE shop_dependency_up gauge",
        ]
        lines.append(f"shop_dependency_up {self.up}")
        if self.worked and not self.lies:  # shown after its first event only, as many libraries do
            lines += ["# HELP shop_work_total Work done.", "# TYPE shop_work_total counter"]
            lines += [f"shop_work_total {self.worked}"]
        if "counterless" not in self.lies:
            lines += ["# HELP http_requests_total Requests answered.", "# TYPE http_requests_total counter"]
            lines += [
                f'http_requests_total{{status="{status}"}} {count}' for status, count in counted.items()
            ]
            lines += ["# HELP http_request_duration_seconds Time to the answer."]
            lines += ["# TYPE http_request_duration_seconds histogram"]
            lines += [f'http_request_duration_seconds_bucket{{le="{bound}"}} {total}' for bound in _BOUNDS]
            lines += [f'http_request_duration_seconds_bucket{{le="+Inf"}} {total}']
            lines += [f"http_request_duration_seconds_count {total}", "http_request_duration_seconds_sum 1.5"]
        return "\n".join(lines) + "\n"

    def write(self, request: "Handler", status: int) -> None:
        """One line of the log."""
        if self.log is None:
            return
        line: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(),
            "level": "info",
            "path": request.path,
            "status": status,
        }
        if "anonymous" not in self.lies:
            line["request_id"] = request.id
        if "traceless" not in self.lies and (trace := request.headers.get("traceparent")):
            line["trace_id"] = trace.split("-")[1]
        if "leaky" in self.lies:
            line["authorization"] = request.headers.get("Authorization", "")
        text = f"answered {request.path} with {status}" if "chatty" in self.lies else json.dumps(line)
        with self.lock, self.log.open("a", encoding="utf-8") as file:
            file.write(text + "\n")


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Shop
    id = ""

    def do_GET(self) -> None:
        """Answer by path."""
        self.id = self.headers.get("X-Request-Id", "none")
        status, body, kind = self._answer()
        if self.command == "HEAD" and "headless" in self.server.lies:
            status = 500
        self.server.count(status)
        self.server.write(self, status)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if "anonymous" not in self.server.lies:
            self.send_header("X-Request-Id", self.id)
        self.end_headers()
        if self.command != "HEAD":
            self._write(body)

    do_HEAD = do_GET  # noqa: N815 -- the name is http.server's

    def _write(self, body: bytes) -> None:
        try:
            self.wfile.write(body)
        except OSError:  # who asked has read enough of it
            self.close_connection = True

    def _answer(self) -> tuple[int, bytes, str]:
        lies, path = self.server.lies, self.path.partition("?")[0]
        if path == "/metrics":
            body = b"x" * (50 * 2**20) if "huge" in lies else self._exposition()
            kind = (
                "application/openmetrics-text" if self._wants_openmetrics() else "text/plain; version=0.0.4"
            )
            return 200, body, kind
        if path == "/health/live":
            return (
                (503 if "hypochondriac" in lies and not self.server.asks() else 200),
                b'{"status": "ok"}',
                "application/json",
            )
        if path == "/health/ready":
            answers = "deaf" in lies or self.server.asks()
            if "stuck" in lies and self.server.was_down:
                answers = False
            return (
                (200, b'{"status": "pass"}', "application/health+json")
                if answers
                else (503, b'{"status": "fail"}', "application/health+json")
            )
        if path in ("/health/status", "/work"):
            if path == "/work":
                self.server.worked += 1
                self.server.asks()
            return 200, b'{"status": "ok"}', "application/json"
        return (200 if "catch_all" in lies else 404), b"{}", "application/json"

    def _wants_openmetrics(self) -> bool:
        return "openmetrics" in self.headers.get("Accept", "") and "malformed" not in self.server.lies

    def _exposition(self) -> bytes:
        text = self.server.metrics()
        if self._wants_openmetrics():
            text = re.sub(r"^(# (?:HELP|TYPE) \w+)_total ", r"\1 ", text, flags=re.MULTILINE)
            text += "# EOF\n"
        return text.encode()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's name
        """Stay silent."""


@contextmanager
def shop(*lies: str, dependency: str = "", log: Path | None = None) -> Iterator[Shop]:
    """A shop in this process."""
    with serving(Shop(lies=lies, dependency=dependency, log=log)) as served:
        yield served


class _Pong(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        """Answer each line."""
        for _ in self.rfile:
            self.wfile.write(b"pong\n")


class Pongs(socketserver.ThreadingTCPServer):
    """The dependency."""

    daemon_threads = True

    @property
    def address(self) -> str:
        """Its address."""
        return f"127.0.0.1:{self.server_address[1]}"


@contextmanager
def pongs() -> Iterator[Pongs]:
    """A dependency that answers pong to every line."""
    with serving(Pongs(("127.0.0.1", 0), _Pong)) as served:
        yield served


@contextmanager
def serving(server: S) -> Iterator[S]:
    """The server answers inside the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def main() -> None:
    """Serve as a process of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--dependency", default="")
    parser.add_argument("--log", type=Path)
    parser.add_argument("--lie", action="append", default=[], choices=LIES)
    options = parser.parse_args()
    Shop(options.port, lies=options.lie, dependency=options.dependency, log=options.log).serve_forever()


if __name__ == "__main__":
    main()
