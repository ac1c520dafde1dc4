"""The engine: connections, deadlines, bookkeeping and snapshots; a workload model drives it."""

import asyncio
import os
import resource
import ssl
import time
from collections import Counter, deque
from collections.abc import Callable
from random import Random
from time import perf_counter_ns
from typing import Protocol

from battery.load.generator.cell import Cell
from battery.load.generator.connection import BodyConnection, Connection
from battery.load.job import Job, JobEndpoint
from battery.load.snapshot import Series, Snapshot

TICK = 0.05
_NS = 1_000_000_000


class Model(Protocol):
    """Decides when requests are sent."""

    lag_source: str

    def start(self, zero_ns: int) -> None:
        """Begin; stage 0 starts at `zero_ns` of the monotonic clock."""
        ...

    def idle(self, connection: Connection) -> None:
        """A connection can take a request."""
        ...

    def lost(self, connection: Connection | None, kind: str) -> None:
        """A connection went away, or could not be made (then with the error's kind)."""
        ...

    def waiting(self) -> int:
        """How many arrivals wait for a connection."""
        ...

    def tick(self, now: int) -> None:
        """Called often: expire what waits too long."""
        ...

    def finish(self) -> int:
        """Stop sending; the number of arrivals that were planned and never sent."""
        ...


class Engine:
    """One generator's state."""

    def __init__(self, job: Job, loop: asyncio.AbstractEventLoop, emit: Callable[[Snapshot], None]) -> None:
        self.job, self.loop, self.emit = job, loop, emit
        self.model: Model
        self.connections: set[Connection] = set()
        self.connecting = 0
        self.body_cap = job.body_cap
        self.lag: list[int] = []
        self.closing = False
        self._lag_counts: Counter[int] = Counter()
        self._cells = [[Cell(s, e) for e in range(len(job.endpoints))] for s in range(len(job.stages))]
        self._kind = BodyConnection if any(e.body_contains for e in job.endpoints) else Connection
        self._tls = _tls_context(job) if job.tls else None
        self._random = Random(f"{job.seed}:{job.worker}:endpoints")
        self._choices: deque[int] = deque()
        self._deadline_ns = int(job.deadline * _NS)
        self._ends = _ends(job)
        self._tasks: set[asyncio.Task[None]] = set()

    def choose(self, stage: int) -> tuple[Cell, JobEndpoint]:
        """The next endpoint by weight, with its cell in the stage."""
        if not self._choices:
            weights = [endpoint.weight for endpoint in self.job.endpoints]
            self._choices.extend(self._random.choices(range(len(weights)), weights, k=1024))
        index = self._choices.popleft()
        return self._cells[stage][index], self.job.endpoints[index]

    def idle(self, connection: Connection) -> None:
        """Hand the connection to the model."""
        self.model.idle(connection)

    def lost(self, connection: Connection) -> None:
        """Tell the model."""
        self.model.lost(connection, "")

    def connect(self) -> None:
        """Begin to open one connection more."""
        self.connecting += 1
        task = self.loop.create_task(self._connect())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def run(self) -> None:
        """The whole job, from its common start to the last snapshot."""
        zero = perf_counter_ns() + int((self.job.start - time.time()) * _NS)  # noqa: TID251 -- generators on several machines share only the wall clock
        self.model.start(zero)
        cpu, second = time.process_time(), 0
        end = zero + int(sum(stage.seconds for stage in self.job.stages) * _NS)
        while (now := perf_counter_ns()) < end:
            await asyncio.sleep(min(TICK, max((end - now) / _NS, 0.0)))
            self._tick(perf_counter_ns())
            if perf_counter_ns() - zero >= (second + 1) * _NS:
                self.emit(self._snapshot(second, zero, cpu))
                cpu, second = time.process_time(), (perf_counter_ns() - zero) // _NS
        dropped = self.model.finish()
        unfinished = await self._grace()
        self.emit(self._snapshot(second, zero, cpu, last=True, dropped=dropped, unfinished=unfinished))
        self._close()

    async def _connect(self) -> None:
        kind = ""
        try:
            async with asyncio.timeout(self.job.deadline):
                await self.loop.create_connection(
                    lambda: self._kind(self),
                    self.job.host,
                    self.job.port,
                    ssl=self._tls,
                    server_hostname=self.job.server_name if self._tls else None,
                )
        except TimeoutError:
            kind = "timeout"
        except ssl.SSLError:
            kind = "tls"
        except ConnectionRefusedError:
            kind = "refused"
        except OSError:
            kind = "reset"
        finally:
            self.connecting -= 1
        if kind and not self.closing:
            self.model.lost(None, kind)

    def _tick(self, now: int) -> None:
        """Expire requests past their deadline; fold latencies a little at a time."""
        oldest = now - self._deadline_ns
        for connection in list(self.connections):
            if connection.busy and connection.sent < oldest:
                connection.fail("timeout", now)
        self.model.tick(now)
        for row in self._cells:
            for cell in row:
                cell.fold()
        if self.lag:
            self._lag_counts.update(self.lag)
            self.lag.clear()

    async def _grace(self) -> int:
        """Let what is in flight end, for one deadline at most; what has not ended then has failed."""
        limit = perf_counter_ns() + self._deadline_ns
        while any(connection.busy for connection in self.connections) and perf_counter_ns() < limit:
            await asyncio.sleep(0.01)
            self._tick(perf_counter_ns())
        left = [connection for connection in self.connections if connection.busy]
        for connection in left:
            connection.fail("timeout", perf_counter_ns())
        return len(left)

    def _snapshot(
        self, second: int, zero: int, cpu: float, *, last: bool = False, dropped: int = 0, unfinished: int = 0
    ) -> Snapshot:
        series: list[Series] = []
        for row in self._cells:
            series += [taken for cell in row if (taken := cell.take()) is not None]
        self._lag_counts.update(self.lag)
        self.lag.clear()
        lag, self._lag_counts = self._lag_counts, Counter()
        return Snapshot(
            worker=self.job.worker,
            second=second,
            stage=self._stage_at(perf_counter_ns() - zero),
            series=tuple(series),
            lag=lag,
            in_flight=sum(connection.busy for connection in self.connections),
            waiting=self.model.waiting(),
            connections=len(self.connections),
            cpu=time.process_time() - cpu,
            rss=_rss(),
            lag_source=self.model.lag_source,
            last=last,
            dropped=dropped,
            unfinished=unfinished,
        )

    def _stage_at(self, elapsed: int) -> int:
        return next((index for index, end in enumerate(self._ends) if elapsed < end), len(self._ends) - 1)

    def _close(self) -> None:
        self.closing = True
        for connection in list(self.connections):
            connection.close()
        for task in list(self._tasks):
            task.cancel()


def raise_descriptor_limit(wanted: int) -> int:
    """As many descriptors as allowed up to `wanted`; the number that is there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
        soft = limit
    return soft


def _ends(job: Job) -> list[int]:
    ends, at = [], 0
    for stage in job.stages:
        at += int(stage.seconds * _NS)
        ends.append(at)
    return ends


def _tls_context(job: Job) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not job.verify_tls:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _rss() -> int:
    """Resident bytes, from the kernel where it tells."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 -- once a second in the hot process
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
