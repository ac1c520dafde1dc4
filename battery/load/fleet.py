"""The fleet: a Locust master and its workers as child processes, seen from the parent, which never imports Locust."""

import contextlib
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import IO, Self

import msgspec

from battery.errors import BatteryError
from battery.load.control.words import Clock, Order, Said
from battery.load.dialect import Dialect, OwnGenerator
from battery.load.job import Job
from battery.load.snapshot import Snapshot
from battery.model.definition import REMOTE_PATIENCE, LoadChoice

START_SECONDS = 30.0
_POLL_SECONDS = 0.1
_PARTING_SECONDS = 3.0
_COMPLAINT_BYTES = 2000


class FleetFailed(BatteryError):
    """The load generators could not be started, or fell silent: says nothing about the target."""

    exit_code = 2


class Lost(Exception):
    """Marks a worker that is gone; carries which and why."""

    def __init__(self, worker: str, why: str) -> None:
        self.worker, self.why = worker, why
        super().__init__(f"{worker}: {why}")


class Fleet:
    """Starts master and workers, hands out jobs, yields what comes back; leaves no process behind."""

    def __init__(
        self,
        workers: int,
        *,
        dialect: Dialect | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        remote: int = 0,
        tell: Callable[[str], None] = lambda text: None,  # noqa: ARG005 -- the shape of a listener
    ) -> None:
        """`host` and `port` are where the master listens: loopback unless told otherwise. `remote` workers are waited for."""
        self.dialect: Dialect = dialect or OwnGenerator()
        self.host, self.port = host, port or free_port(host)
        self.workers: tuple[str, ...] = ()
        self._wanted, self._remote, self._tell = workers, remote, tell
        self._patience = START_SECONDS + (REMOTE_PATIENCE if remote else 0.0)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._nodes: dict[str, str] = {}
        self._news: queue.Queue[Said] = queue.Queue()
        self._gone: dict[str, str] = {}
        self._runs = 0
        self._clocks: dict[str, Clock] = {}
        self._complaints: dict[str, IO[bytes]] = {}

    @classmethod
    def of(cls, choice: LoadChoice, workers: int, dialect: Dialect, tell: Callable[[str], None]) -> "Fleet":
        """The fleet that battery.toml and the command line ask for."""
        if not choice.remote:
            return cls(workers, dialect=dialect)
        host, _, port = choice.listen.rpartition(":")
        local = choice.workers
        return cls(
            local, dialect=dialect, host=host.strip("[]"), port=int(port), remote=choice.remote, tell=tell
        )

    def clocks(self) -> dict[str, str]:
        """How the remote workers' clocks go, by worker; their starts are corrected by it."""
        return {worker: clock.text for worker, clock in self._clocks.items()}

    def __enter__(self) -> Self:
        """Start everything and wait until every worker has joined.

        Raises: FleetFailed.
        """
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all processes."""
        self._stop()

    def run(self, jobs: Mapping[str, Job], limit: float) -> Iterator[Snapshot | Lost]:
        """Hand out the jobs and yield snapshots until every generator has said its last word, or is lost.

        Raises: FleetFailed when the master dies or nothing ends in time.
        """
        self._runs += 1
        running = set(jobs) - set(self._gone)
        for worker in sorted(running):
            ahead = self._clocks[worker].ahead if worker in self._clocks else 0.0
            job = self.dialect.told(
                msgspec.structs.replace(jobs[worker], run=self._runs, start=jobs[worker].start + ahead)
            )
            self._order(Order(what="job", worker=self._nodes[worker], job=job))
        yield from (Lost(worker, why) for worker, why in self._gone.items() if worker in jobs)
        until = time.monotonic() + limit
        while running:
            if time.monotonic() > until:
                raise FleetFailed(f"generators did not finish in {limit:.0f} s: {', '.join(sorted(running))}")
            for news in self._listen(running):
                yield news
                if isinstance(news, Lost) or news.last:
                    running.discard(news.worker)

    def stop_jobs(self) -> None:
        """Tell every generator to end early; each still tells its complete ledger."""
        self._order(Order(what="stop"))

    def is_whole(self) -> bool:
        """Whether nobody of it has been lost, as far as the master has said."""
        with contextlib.suppress(queue.Empty):
            while True:
                # To understand who is lost is to remember it.
                list(self._understood(self._news.get_nowait(), set()))
        return not self._gone and all(process.poll() is None for process in self._processes.values())

    def pids(self) -> dict[str, int]:
        """The process ids of master and local workers."""
        return {name: process.pid for name, process in self._processes.items()}

    def _start(self) -> None:
        master = self._spawn("master", "battery.load.control.master", "--generator", self.dialect.module)
        threading.Thread(target=self._read, args=(master,), daemon=True).start()
        # One after the other: whoever listens there before our master does would welcome its workers.
        self._await("listening")
        for index in range(self._wanted):
            options = ("--name", f"w{index}", "--end-with-stdin", "--generator", self.dialect.module)
            self._spawn(f"w{index}", "battery.load.control.worker", *options)
        if self._remote:
            self._tell(
                f"waits up to {self._patience:.0f} s for {self._remote} workers; "
                f"start each with: battery worker --master {self.host}:{self.port}"
            )
        for number in range(self._wanted + self._remote):
            self._join(self._await("joined", self._patience))
            self._tell(f"{number + 1} of {self._wanted + self._remote} workers joined")
        self.workers = tuple(sorted(self._nodes))

    def _join(self, said: Said) -> None:
        """A worker is there: a local one by the name it was given, a remote one by its own where that is free."""
        name = said.detail if said.detail not in self._nodes else said.worker
        self._nodes[name] = said.worker
        if name not in self._processes and said.clock is not None:
            self._clocks[name] = said.clock

    def _spawn(self, name: str, module: str, *options: str) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-P",
            "-m",
            module,
            "--host",
            self.host,
            "--port",
            str(self.port),
            *options,
        ]
        self._complaints[name] = tempfile.TemporaryFile()  # noqa: SIM115 -- closed with the fleet
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if name == "master" else subprocess.DEVNULL,
            stderr=self._complaints[name],
            start_new_session=True,
        )
        self._processes[name] = process
        return process

    def _read(self, master: subprocess.Popen[bytes]) -> None:
        """The master's lines, from a thread: a pipe cannot be waited for with a time limit otherwise."""
        assert master.stdout is not None, "opened as a pipe"  # noqa: S101 -- states an invariant
        for line in master.stdout:
            # Locust prints now and then; what is not one of our words is none of our business.
            with contextlib.suppress(msgspec.DecodeError):
                self._news.put(msgspec.json.decode(line, type=Said))

    def _await(self, what: str, patience: float = START_SECONDS) -> Said:
        until = time.monotonic() + patience
        while time.monotonic() < until:
            with contextlib.suppress(queue.Empty):
                said = self._news.get(timeout=_POLL_SECONDS)
                if said.what == what:
                    return said
                if said.what in ("trouble", "refused"):
                    raise FleetFailed(f"the load generators cannot start: {said.detail}")
            for name, process in self._processes.items():
                if process.poll() is not None:
                    raise FleetFailed(
                        f"the load generators cannot start: {name} ended with {process.returncode}"
                        f"{self._complaint(name)}"
                    )
        here = ", ".join(sorted(self._nodes)) or "nobody"
        waited = f"a master to listen on {self.host}:{self.port}" if what == "listening" else "workers"
        missing = self._wanted + self._remote - len(self._nodes)
        raise FleetFailed(
            f"the load generators did not start in {patience:.0f} s: waited for {waited}"
            + (
                f", {missing} missing, joined: {here}; start them with `battery worker --master {self.host}:{self.port}`"
                if what == "joined" and self._remote
                else ""
            )
        )

    def _listen(self, running: set[str]) -> Iterator[Snapshot | Lost]:
        with contextlib.suppress(queue.Empty):
            yield from self._understood(self._news.get(timeout=_POLL_SECONDS), running)
            return
        # Only when all that was said is heard: a worker that ended after its last word is not lost.
        if self._processes["master"].poll() is not None:
            raise FleetFailed(f"the load master died during the run{self._complaint('master')}")
        for name, process in self._processes.items():
            if name in running and process.poll() is not None:
                self._gone[name] = f"its process ended with {process.returncode}{self._complaint(name)}"
                yield Lost(name, self._gone[name])

    def _understood(self, said: Said, running: set[str]) -> Iterator[Snapshot | Lost]:
        """What it means for this run; snapshots of a run before mean nothing."""
        names = {node: worker for worker, node in self._nodes.items()}
        worker = names.get(said.worker, said.worker)
        if said.what == "snapshot":
            snapshot = self.dialect.heard(said.detail)
            if snapshot.run == self._runs and worker in running:
                yield snapshot
        elif said.what == "lost":
            self._gone[worker] = said.detail
            if worker in running:
                yield Lost(worker, said.detail)
        elif said.what == "trouble" and worker in running:
            yield Lost(worker, said.detail)

    def _order(self, order: Order) -> None:
        pipe = self._processes["master"].stdin
        assert pipe is not None, "opened as a pipe"  # noqa: S101 -- states an invariant
        try:
            pipe.write(msgspec.json.encode(order) + b"\n")
            pipe.flush()
        except BrokenPipeError as error:
            raise FleetFailed("the load master died") from error

    def _stop(self) -> None:
        if self._remote and (master := self._processes.get("master")) is not None:
            self._let_go(master)
        for process in self._processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self._processes.values():
            try:
                process.wait(timeout=3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()
        for file in self._complaints.values():
            file.close()

    def _let_go(self, master: subprocess.Popen[bytes]) -> None:
        """A master whose orders end tells its workers to leave; those on other machines learn it in no other way."""
        if master.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                master.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            master.wait(timeout=_PARTING_SECONDS)

    def _complaint(self, name: str) -> str:
        """The last line that a process wrote to stderr, as the end of a sentence."""
        file = self._complaints[name]
        file.seek(0)
        lines = file.read()[-_COMPLAINT_BYTES:].decode("utf-8", "replace").strip().splitlines()
        return f": {lines[-1]}" if lines else ""


def free_port(host: str) -> int:
    """A port that is free on the host now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
