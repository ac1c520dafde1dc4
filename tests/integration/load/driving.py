"""Drives one generator process with a job, without Locust, and adds up what it tells."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from battery.load.job import Job, JobEndpoint, JobStage
from battery.load.snapshot import Snapshot
from battery.load.tally import Slice, Tally
from battery.load.validity import proofs
from battery.model.evidence import Proof

LEAD = 0.4
GET = b"GET / HTTP/1.1\r\nHost: target\r\n\r\n"


def endpoint(request: bytes = GET, **other: Any) -> JobEndpoint:
    """A GET of / that expects 200, unless told otherwise."""
    defaults: dict[str, Any] = {
        "name": "a",
        "weight_class": "light",
        "weight": 1,
        "method": request.split(b" ")[0].decode(),
        "request": request,
        "status": (200,),
        "body_contains": b"",
    }
    return JobEndpoint(**(defaults | other))


def job(port: int, *stages: JobStage, **other: Any) -> Job:
    """A job for w0 at 127.0.0.1, open when its stages have rates."""
    defaults: dict[str, Any] = {
        "worker": "w0",
        "host": "127.0.0.1",
        "port": port,
        "tls": False,
        "verify_tls": True,
        "server_name": "",
        "model": "closed" if stages[0].users else "open",
        "arrivals": "constant",
        "seed": 1,
        "phase": 0.0,
        "start": 0.0,
        "stages": stages,
        "endpoints": (endpoint(),),
    }
    return Job(**(defaults | other))


def at_rate(rate: float, seconds: float) -> JobStage:
    """A stage of even arrivals."""
    return JobStage(name="steady", seconds=seconds, rate_from=rate, rate_to=rate)


def with_users(users: int, seconds: float) -> JobStage:
    """A stage of users."""
    return JobStage(name="users", seconds=seconds, users=users)


class Drive:
    """What one generator told, and how it ended."""

    def __init__(self, what: Job, process: "subprocess.Popen[bytes]", on_line: Callable[[], object]) -> None:
        began = time.monotonic()
        self.slices: list[Slice] = []
        self.tally = Tally((what.worker,), self.slices.append)
        self.snapshots: list[Snapshot] = []
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            self.snapshots.append(msgspec.json.decode(line, type=Snapshot))
            self.tally.add(self.snapshots[-1])
            on_line()
        self.tally.close()
        self.complaint = process.stderr.read().decode()
        self.code = process.wait()
        self.seconds = time.monotonic() - began
        self.model = what.model

    @property
    def errors(self) -> dict[str, int]:
        """Errors by kind."""
        return {
            kind: sum(cell.errors[kind] for cell in self.tally.cells.values())
            for kind in sorted({kind for cell in self.tally.cells.values() for kind in cell.errors})
        }

    @property
    def peak_rss(self) -> int:
        """The most memory that it had at any second's end."""
        return max(snapshot.rss for snapshot in self.snapshots)

    def proofs(self, limit_ms: float = 1000.0) -> dict[str, Proof]:
        """The instrument's proofs, by name."""
        return {proof.name: proof for proof in proofs(self.tally, self.model, limit_ms, {})}

    def response(self, q: float) -> float:
        """A quantile of the response times, in ms."""
        value = self.tally.cells[0, 0].response.quantile(q).value
        assert value is not None
        return value

    def service(self, q: float) -> float:
        """A quantile of the service times, in ms."""
        value = self.tally.cells[0, 0].service.quantile(q).value
        assert value is not None
        return value


def drive(
    what: Job,
    *,
    environ: Mapping[str, str] | None = None,
    command: tuple[str, ...] = ("-m", "battery.load.generator"),
    on_line: Callable[["subprocess.Popen[bytes]"], object] = lambda _: None,
    start: float | None = None,
) -> Drive:
    """Run the job in a generator process to its end."""
    begin = time.time() + LEAD if start is None else start
    what = msgspec.structs.replace(what, start=begin)
    with subprocess.Popen(
        [sys.executable, "-P", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(msgspec.json.encode(what) + b"\n")
        process.stdin.flush()
        try:
            return Drive(what, process, lambda: on_line(process))
        finally:
            process.kill()


class Server:
    """A server process that prints a line when it listens, and what it did when its stdin closes."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        assert process.stdout is not None
        self.said = msgspec.json.decode(process.stdout.readline())
        self._truth: dict[str, Any] = {}

    @property
    def port(self) -> int:
        """The port, where it has one."""
        assert isinstance(self.said, int)
        return self.said

    def truth(self) -> dict[str, Any]:
        """End it; what it did."""
        if not self._truth:
            out, _ = self._process.communicate(timeout=10)
            self._truth = msgspec.json.decode(out)
        return self._truth


@contextlib.contextmanager
def serving(module: str, *options: str) -> Iterator[Server]:
    """A fake server as a process of its own, for the time of the block."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Server(process)
        finally:
            if process.poll() is None:
                process.kill()
