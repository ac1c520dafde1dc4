"""A fake of the OSV service on loopback: it answers from records, or fails as it is told."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, bytes]


class OsvServer(ThreadingHTTPServer):
    """Holds the records by id, the ids by (ecosystem, name), and what was asked."""

    daemon_threads = True

    def __init__(self, records: Mapping[str, dict[str, Any]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.records = dict(records)
        self.page = 1000
        self.asked: list[tuple[str, Any]] = []
        self.instead: Callable[[str], Reply | None] = lambda path: None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def batch(self, queries: list[dict[str, Any]]) -> dict[str, Any]:
        """The answer to querybatch, in pages where a package has many vulnerabilities."""
        results = []
        for query in queries:
            package = query["package"]
            ids = [
                name
                for name, record in sorted(self.records.items())
                if any(entry["package"]["name"] == package["name"] for entry in record["affected"])
            ]
            begin = int(query.get("page_token", "0"))
            result: dict[str, Any] = {"vulns": [{"id": name} for name in ids[begin : begin + self.page]]}
            if begin + self.page < len(ids):
                result["next_page_token"] = str(begin + self.page)
            results.append(result if ids else {})
        return {"results": results}


class _Handler(BaseHTTPRequestHandler):
    server: OsvServer

    def do_POST(self) -> None:
        """querybatch."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, body))
        self._reply(
            self.server.instead(self.path) or (200, json.dumps(self.server.batch(body["queries"])).encode())
        )

    def do_GET(self) -> None:
        """A record."""
        self.server.asked.append((self.path, None))
        record = self.server.records.get(self.path.rpartition("/")[2])
        plain = (200, json.dumps(record).encode()) if record else (404, b"{}")
        self._reply(self.server.instead(self.path) or plain)

    def _reply(self, reply: Reply) -> None:
        status, body = reply
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests read what was asked."""


@contextmanager
def serving(records: Mapping[str, dict[str, Any]]) -> Iterator[OsvServer]:
    """The server, for as long as the block runs."""
    with OsvServer(records) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
