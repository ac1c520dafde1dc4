"""A small service with all that the probes look at; a word in `broken` takes one thing away from it."""

import hashlib
import json
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CAPACITY, RATE_LIMIT, GUESSES = 40, 30, 5


class Service:
    """Its state; `broken` says what does not work."""

    def __init__(self, log: Path, broken: Collection[str] = ()) -> None:
        self.log, self.broken = log, set(broken)
        self.level, self.restarts = "full", 0
        self.jobs: dict[str, str] = {}
        self.lockdown = self.isolated = False
        self.requests, self.guesses = 0, 0
        self.alive, self.anonymous = True, 0
        self.lock = threading.Lock()
        self._previous, self._records = "0" * 64, 0
        self.record("started")

    def record(self, event: str) -> None:
        """Append to the chain."""
        if "audit" in self.broken and event != "started":
            return
        self._records += 1
        record = {"seq": self._records, "event": event, "prev_hash": self._previous}
        body = json.dumps(record, sort_keys=True, separators=(",", ":")).encode()
        self._previous = hashlib.sha256(body).hexdigest()
        with self.log.open("a") as file:
            file.write(json.dumps({**record, "hash": self._previous}, separators=(",", ":")) + "\n")

    def answer(self, method: str, path: str, user: str) -> tuple[int, dict[str, Any]]:
        """One request."""
        with self.lock:
            return self._answer(method, path, user)

    def _answer(self, method: str, path: str, user: str) -> tuple[int, dict[str, Any]]:
        if not self.alive:
            return 500, {}
        name = path.strip("/").replace("/", "_")
        found = getattr(self, f"do_{name}", None)
        if path.startswith("/jobs/"):
            return 200, {"state": self.jobs.get(path.rpartition("/")[2], "unknown")}
        if found is None:
            return (200, {}) if "catch-all" in self.broken else (404, {})
        told: tuple[int, dict[str, Any]] = found(method, user)
        return told

    def do_live(self, method: str, user: str) -> tuple[int, dict[str, Any]]:
        return 200, {"user": user, "method": method}

    do_ready = do_status = do_live

    def do_details(self, method: str, user: str) -> tuple[int, dict[str, Any]]:
        parts = {"cpu": 1.5, "memory": 7, "disk": 3, "modules": ["store"]}
        return 200, {**parts, "level": self.level, "restarts": self.restarts}

    def do_spare(self, method: str, user: str) -> tuple[int, dict[str, Any]]:
        spared = self.level != "full" and "spare" not in self.broken
        return (503, {}) if spared else (200, {})

    def do_essential(self, method: str, user: str) -> tuple[int, dict[str, Any]]:
        return (503, {}) if self.level != "full" and "essential" in self.broken else (200, {})

    def do_act(self, method: str, user: str) -> tuple[int, dict[str, Any]]:
        self.record("acted")
        return 200, {}

    def do_head(self, method: str, user: str) -> tuple[int, dict[str, Any]]:
        return 200, {"records": self._records, "head": self._previous}

    def do_open(self, method: str, user: str) -> tuple[int, dict[str, Any]]:
        if user:
            refused = self.isolated and (user == "mallory" or "everybody" in self.broken)
            return (403, {}) if refused and "isolation" not in self.broken else (200, {})
        self.anonymous += 1
        limited = RATE_LIMIT < self.anonymous < RATE_LIMIT + 15 and "rate" not in self.broken
        return (429, {}) if limited else (200, {})

    def do_login(self, method: str, user: str) -> tuple[int, dict[str, Any]]:
        self.guesses += 1
        locked = GUESSES < self.guesses < GUESSES + 3 and "guessing" not in self.broken
        return (429, {}) if locked else (401, {})

    def do_isolate(self, method: str, user: str) -> tuple[int, dict[str, Any]]:
        self.isolated = method == "POST"
        return 200, {}

    def do_lockdown(self, method: str, user: str) -> tuple[int, dict[str, Any]]:
        self.lockdown = method == "POST" or ("release" in self.broken and self.lockdown)
        return 200, {}

    def do_write(self, method: str, user: str) -> tuple[int, dict[str, Any]]:
        return (503, {}) if self.lockdown and "lockdown" not in self.broken else (200, {})

    def do_jobs(self, method: str, user: str) -> tuple[int, dict[str, Any]]:
        waiting = sum(state == "waiting" for state in self.jobs.values())
        if method == "GET":
            return 200, {"waiting": waiting, "capacity": CAPACITY}
        if waiting >= CAPACITY and "bound" not in self.broken:
            return 429, {}
        self.jobs[str(len(self.jobs))] = "waiting"
        return 202, {"id": len(self.jobs) - 1}

    def come_back(self) -> None:
        """What a supervisor does after a kill: the work goes on, or is forgotten."""
        self.restarts += "count" not in self.broken
        for number, job in enumerate(self.jobs):
            self.jobs[job] = "forgotten" if "work" in self.broken and number % 2 else "done"


@contextmanager
def serving(service: Service) -> Iterator[str]:
    """The URL of a service inside the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            metrics = self.path == "/metrics"
            status, told = (200, {}) if metrics else service.answer(self.command, self.path, self._user())
            body = METRICS if metrics else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_DELETE = do_GET  # noqa: N815 -- the names that http.server calls

        def _user(self) -> str:
            return str(self.headers.get("X-User", ""))

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


METRICS = b"".join(
    b"# HELP shop_%d_total Things.\n# TYPE shop_%d_total counter\nshop_%d_total %d\n" % (n, n, n, n)
    for n in range(21)
)
