"""A site that speaks http and https on one port, as the Observatory wants to see both under one name."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Site:
    """What it answers: headers by scheme, a page, a redirect by path, and who may read across origins."""

    name: str
    headers: Headers = ()
    body: str = ""
    http_headers: Headers = ()
    status: int = 200
    redirects: dict[str, str] = field(default_factory=dict)
    preflight: Headers = ()
    reflect: bool = False
    http: bool = True
    https: bool = True


class TwoSchemes:
    """Serves one site at a time; `site` is exchanged between scans."""

    def __init__(self, pem: Path) -> None:
        self.site = Site(name="none")
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(pem)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End: a shut listener wakes the thread that waits on it."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,)).start()

    def _serve(self, connection: socket.socket) -> None:
        site = self.site
        with connection:
            connection.settimeout(10)
            try:
                tls = connection.recv(1, socket.MSG_PEEK) == b"\x16"
                if not (site.https if tls else site.http):
                    return
                if tls:
                    with self._tls.wrap_socket(connection, server_side=True) as secured:
                        _converse(secured, site, "https", self.port)
                else:
                    _converse(connection, site, "http", self.port)
            except OSError:
                return


def _converse(connection: socket.socket, site: Site, scheme: str, port: int) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return
        data += more
    head = data.partition(b"\r\n\r\n")[0].decode("latin-1")
    method, path, _ = head.split(" ", 2)
    connection.sendall(_answer(site, scheme, method, path, head, port))


def _answer(site: Site, scheme: str, method: str, path: str, head: str, port: int) -> bytes:
    headers = list(site.headers if scheme == "https" else site.http_headers or site.headers)
    status, body = site.status, b"" if method == "OPTIONS" else site.body.encode()
    if method == "OPTIONS":
        headers += site.preflight
        if site.reflect:
            origin = next(
                line.partition(":")[2].strip() for line in head.split("\r\n") if line.lower()[:7] == "origin:"
            )
            headers += [
                ("Access-Control-Allow-Origin", origin),
                ("Access-Control-Allow-Credentials", "true"),
            ]
    elif location := site.redirects.get(f"{scheme} {path}"):
        status, headers = 302, [*headers, ("Location", location.replace("PORT", str(port)))]
    lines = [f"HTTP/1.1 {status} OK", *(f"{name}: {value}" for name, value in headers)]
    lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


@contextmanager
def two_schemes(pem: Path) -> Iterator[TwoSchemes]:
    """The server for the time of the block."""
    server = TwoSchemes(pem)
    server.start()
    try:
        yield server
    finally:
        server.stop()
