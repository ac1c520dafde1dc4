"""A healthy target over TLS that remembers which server names it was asked for."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from battery.clock import now
from battery.reference.tls.certificates import make_certificates

BODY = b"ready" * 20


class TlsTarget:
    """Answers every path; a thread for each connection."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self.names: list[str | None] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        context.sni_callback = lambda _, name, __: self.names.append(name)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(BODY)))
                self.end_headers()
                self.wfile.write(BODY)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base class's name
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def finish_request(self, request: Any, client_address: Any) -> None:
                try:
                    with context.wrap_socket(request, server_side=True) as spoken:
                        super().finish_request(spoken, client_address)
                        spoken.unwrap()
                except OSError:
                    return  # the client went, or was cut off: that is what these tests do

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"https://localhost:{self.server.server_address[1]}"


@contextmanager
def tls_target(folder: Path) -> Iterator[TlsTarget]:
    """A target that answers inside the block; its certificate is known to nobody."""
    files = make_certificates(folder / "tls", now())
    target = TlsTarget(files.certificate, files.key)
    thread = threading.Thread(target=target.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield target
    finally:
        target.server.shutdown()
        target.server.server_close()
        thread.join()
