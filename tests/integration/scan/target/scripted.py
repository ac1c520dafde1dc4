"""A target whose answers a test writes: a function from request to answer, served by threads on a free port."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from battery.scan.interface import ScanResult
from battery.scan.target.request import ScanLimits, TargetScanRequest
from battery.scan.target.run import scan_target
from battery.scan.target.trace import Trace


@dataclass(frozen=True)
class Heard:
    """A request as the target got it; header names in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    client: str


@dataclass(frozen=True)
class Said:
    """An answer."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str = "{}"


Script = Callable[[Heard], Said]
QUICK = ScanLimits(
    rate=5000,
    deadline=10,
    patience=3,
    burst=60,
    attempts=12,
    slow_connections=6,
    slow_seconds=0.3,
    seconds=100,
)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Script

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        url = urlsplit(self.path)
        size = self.headers.get("Content-Length", "0")
        body = self.rfile.read(int(size)) if size.isdigit() and int(size) < 100_000_000 else b""
        headers = {name.lower(): value for name, value in self.headers.items()}
        heard = Heard(self.command, url.path, url.query, headers, body, self.client_address[0])
        said = type(self).script(heard)
        data = said.body.encode()
        self.send_response_only(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is not the target's concern."""


@contextmanager
def serving(script: Script, pem: Path | None = None) -> Iterator[str]:
    """The URL of a target that follows the script."""
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"script": staticmethod(script)}))
    if pem is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"{'https' if pem else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def scan(url: str, *names: str, trace: Trace | None = None, **rest: Any) -> ScanResult:
    """One scanner's result, with quick limits."""
    request = TargetScanRequest(url=url, scanners=names, **{"limits": QUICK, "sslyze": "", **rest})
    (result,) = scan_target(request, lambda _: None, trace)
    return result


def rules(result: ScanResult) -> set[str]:
    """The rules that were broken."""
    return {found.rule for found in result.found}


SOUND = {
    "Content-Type": "application/json",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000",
    "Cache-Control": "no-store",
}


def sound(heard: Heard) -> Said:
    """A healthy JSON API with one resource at /."""
    if heard.method not in ("GET", "HEAD", "POST"):
        return Said(405, SOUND)
    if heard.path != "/":
        return Said(404, SOUND)
    return Said(400 if heard.query or heard.method == "POST" else 200, SOUND)
