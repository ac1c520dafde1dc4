"""A target whose answers a test writes down: a threaded HTTP server of the standard library."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from battery.model.definition import Definition
from battery.model.target import Identity, Target


class Answer(NamedTuple):
    """One scripted answer, `after` so many seconds."""

    status: int = 200
    body: bytes = b"ok"
    headers: tuple[tuple[str, str], ...] = ()
    after: float = 0.0


class ScriptedTarget:
    """Answers each path with its answers in turn, the last one for good; remembers every request, header names in lower case."""

    def __init__(self, answers: dict[str, Sequence[Answer]]) -> None:
        self._answers = {path: list(given) for path, given in answers.items()}
        self.requests: list[tuple[str, dict[str, str]]] = []
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                script.requests.append(
                    (self.path, {name.lower(): value for name, value in self.headers.items()})
                )
                answer = script.next_answer(self.path)
                time.sleep(answer.after)
                self.send_response(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base class's name
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def next_answer(self, path: str) -> Answer:
        """The answer whose turn it is."""
        given = self._answers.get(path, [Answer(404, b"no such path")])
        return given.pop(0) if len(given) > 1 else given[0]

    def answer_with(self, path: str, answer: Answer) -> None:
        """From here on this answer, for good."""
        self._answers[path] = [answer]

    def serve(self) -> None:
        """Answer until it is stopped."""
        self._server.serve_forever(poll_interval=0.02)

    def stop(self) -> None:
        """Stop answering and free the port."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def scripted_target(answers: dict[str, Sequence[Answer]]) -> Iterator[ScriptedTarget]:
    """A target that answers inside the block."""
    target = ScriptedTarget(answers)
    thread = threading.Thread(target=target.serve)
    thread.start()
    try:
        yield target
    finally:
        target.stop()
        thread.join()


def unused_url() -> str:
    """A loopback URL where nothing answers."""
    target = ScriptedTarget({})
    target._server.server_close()
    return target.url


def a_definition(url: str, **given: Any) -> Definition:
    """A definition of a target at the URL, live at /live."""
    return Definition(target=Target(**{"url": url, "live": "/live"} | given))


VERSION = Identity(path="/version", json="commit")
