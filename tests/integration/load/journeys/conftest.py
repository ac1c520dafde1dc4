"""A small threaded server, and journeys processes that are driven as a worker drives them."""

import json
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from battery.load.job import Job, JobStage
from battery.load.journeys.job import JourneyJob
from battery.load.journeys.names import Names
from battery.load.journeys.snapshot import JourneySnapshot, renumbered
from battery.load.snapshot import Snapshot
from battery.load.tally import Tally

ASSETS = Path(__file__).parents[3] / "assets" / "load"
# Seconds from the job to its start.
LEAD = 0.8
# As `python -m battery.load.journeys`, but saying when it is up: then its job can begin soon, however busy the machine.
_SAYING_READY = """
import sys
from battery.load.journeys import __main__ as journeys
sys.stderr.write("ready\\n")
sys.stderr.flush()
sys.exit(journeys.main())
"""
_SPARES = 3


class Shop(ThreadingHTTPServer):
    """Counts what it is asked; `/hang` answers once `awake` is set."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: Counter[str] = Counter()
        self.first: dict[str, float] = {}
        self.awake = threading.Event()
        self.cart = b"full"
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Shop

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.server.asked[path] += 1
        self.server.first.setdefault(path, time.time())
        if path == "/close":
            self.close_connection = True
        elif path == "/drip":
            self._drip()
        else:
            if path == "/hang":
                self.server.awake.wait(20)
            self._answer(500 if path == "/error" else 200, self.server.cart if path == "/cart" else b"{}")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", "0")))
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the name it has there
        """Quiet."""

    def _answer(self, status: int, body: bytes) -> None:
        self.wfile.write(
            b"HTTP/1.1 %d Words\r\nContent-Length: %d\r\nContent-Type: application/json\r\n\r\n%b"
            % (status, len(body), body)
        )

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not self.server.awake.wait(0.05):
            self.wfile.write(b".")


class Told:
    """What one process said, and how it ended."""

    def __init__(self, lines: bytes, errors: str, code: int) -> None:
        self.said = [msgspec.json.decode(line, type=JourneySnapshot) for line in lines.splitlines()]
        self.errors, self.code = errors, code
        self.names = Names()
        self.tally = Tally(("w0",), lambda _: None)
        for each in self.said:
            self.tally.add(renumbered(each, self.names))
        self.ledger = self.tally.ledger()

    @property
    def last(self) -> Snapshot:
        """The last snapshot."""
        return self.said[-1].snapshot

    def counts(self, name: str, stage: int | None = None) -> Counter[str]:
        """The ledger's counts of one name, errors by their kind."""
        found: Counter[str] = Counter()
        for (where, which), cell in self.tally.cells.items():
            if self.names.all()[which] == name and stage in (None, where):
                found.update(cell.counts)
                found.update(cell.errors)
        return found

    def worst(self, name: str) -> float:
        """The longest response time of a name, in ms."""
        cells = [cell for (_, which), cell in self.tally.cells.items() if self.names.all()[which] == name]
        return max(edge for cell in cells for edge, _ in cell.response.pairs()) / 1000


class Process:
    """A journeys process that waits for its job."""

    def __init__(self) -> None:
        self.start = 0.0
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", _SAYING_READY],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parents[4],
        )

    def await_ready(self) -> None:
        """Wait until it only lacks a job."""
        assert self.process.stderr is not None
        assert self.process.stderr.readline() == b"ready\n"

    def give(self, work: JourneyJob) -> None:
        """Hand out the job."""
        assert self.process.stdin is not None
        self.process.stdin.write(msgspec.json.encode(work) + b"\n")
        self.process.stdin.flush()

    def first_line(self) -> dict[str, Any]:
        """Wait for the first snapshot."""
        assert self.process.stdout is not None
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def told(self) -> Told:
        """Wait for the end with stdin open, as a worker does."""
        stdin, self.process.stdin = self.process.stdin, None
        try:
            out, errors = self.process.communicate(timeout=30)
        finally:
            assert stdin is not None
            stdin.close()
        return Told(out, errors.decode(), self.process.returncode)

    def end(self) -> None:
        """Leave nothing behind."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()


@pytest.fixture
def shop() -> Iterator[Shop]:
    """The server, running."""
    with Shop() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.awake.set()
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def spares() -> Iterator[deque[Process]]:
    """Processes that are up already, as a worker keeps one: importing Locust takes most of a second."""
    waiting = deque(Process() for _ in range(_SPARES))
    yield waiting
    for process in waiting:
        process.end()


def _locustfile(folder: Path, does: str) -> Path:
    """The usual locustfile, told what its users shall do."""
    told = {f"JOURNEYS_{name}": value for name, value in (part.split("=") for part in does.split())}
    path = folder / "chosen.py"
    lines = (
        "import os, sys",
        f"os.environ.update({told!r})",
        f"sys.path.insert(0, {str(ASSETS)!r})",
        "from journeys import *",
    )
    path.write_text("\n".join(lines))
    return path


@pytest.fixture
def begin(
    shop: Shop, spares: deque[Process], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Process]]:
    """Give a process a job: its stages, what differs from the usual job, what the locustfile's users shall do."""
    running: list[Process] = []

    def begun(*stages: JobStage, locustfile: str = "", does: str = "", **changes: Any) -> Process:
        path = ASSETS / locustfile if locustfile else _locustfile(tmp_path_factory.mktemp("journeys"), does)
        process = spares.popleft()
        spares.append(Process())
        running.append(process)
        process.await_ready()
        usual: dict[str, Any] = {
            "worker": "w0",
            "host": "127.0.0.1",
            "port": shop.server_address[1],
            "tls": False,
            "verify_tls": True,
            "server_name": "127.0.0.1",
            "model": "closed",
            "arrivals": "constant",
            "seed": 7,
            "phase": 0.0,
            "start": time.time() + LEAD,
            "stages": stages,
            "endpoints": (),
            "deadline": 1.0,
            "connections": 32,
        }
        job = Job(**(usual | changes))
        process.start = job.start
        process.give(JourneyJob(job=job, locustfile=str(path), url=shop.url))
        return process

    yield begun
    for process in running:
        process.end()


def users(count: int, seconds: float = 1.0) -> JobStage:
    """A stage with so many users."""
    return JobStage(name="s", seconds=seconds, users=count)


def rate(per_second: float, seconds: float = 1.0) -> JobStage:
    """A stage with so many journeys a second."""
    return JobStage(name="s", seconds=seconds, rate_from=per_second, rate_to=per_second)
