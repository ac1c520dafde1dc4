"""A tiny metrics server whose one value can be flipped while it is scraped."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


class FlippingMetrics:
    """A context that serves `shop_broken` at /metrics on a free loopback port."""

    def __init__(self) -> None:
        self.value = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = f"# HELP shop_broken 1 while broken.\n# TYPE shop_broken gauge\nshop_broken {outer.value}\n"
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's name
                """Stay silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def url(self) -> str:
        """Where the metrics are."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/metrics"

    def break_it(self) -> None:
        """The fault."""
        self.value = 1

    def mend_it(self) -> None:
        """Its end."""
        self.value = 0

    def __enter__(self) -> "FlippingMetrics":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
