"""A queue over a folder of the test, by a clock that it turns."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from battery.reference.metrics.registry import Registry
from battery.reference.queue.ledger import WAITING, Ledger
from battery.reference.queue.queue import JobQueue
from battery.reference.queue.rows import KEPT
from battery.reference.queue.settings import QueueSettings
from battery.reference.queue.tally import JobTally
from tests.fakes.turned_clock import TurnedClock


class QueueOverFolder:
    """The real queue, with its parts at hand."""

    def __init__(
        self,
        folder: Path,
        *,
        capacity: int = 3,
        bounded: bool = True,
        durable: bool = True,
        job_seconds: float = 0,
        kept: int = KEPT,
    ) -> None:
        self.clock, self.registry = TurnedClock(), Registry()
        opening = partial(Ledger, folder, durable=durable, waiting=WAITING if bounded else 10_000, kept=kept)
        settings = QueueSettings(capacity=capacity, job_seconds=job_seconds)
        self.queue = JobQueue(
            opening, settings, self.clock, JobTally(self.registry), bounded=bounded, retry_seconds=0.001
        )

    def counted(self, name: str) -> float:
        """What a counter says."""
        [line] = [line for line in self.registry.render().splitlines() if line.startswith(f"{name} ")]
        return float(line.rpartition(" ")[2])

    @asynccontextmanager
    async def open(self, *, working: bool = False) -> AsyncIterator[JobQueue]:
        """The queue while the block runs; its worker too, where that is wanted."""
        self.queue.open()
        tasks = {asyncio.create_task(self.queue.run())} if working else set()
        try:
            yield self.queue
        finally:
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks)
            self.queue.close()


async def until(holds: Callable[[], bool]) -> None:
    """Let others run until it holds."""
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.001)
