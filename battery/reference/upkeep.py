"""What goes on beside the requests: the monitor, the worker of the queue, the watch over the data."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from battery.reference.clock import Clock
from battery.reference.degradation.crowding import Crowding
from battery.reference.degradation.ladder import Ladder
from battery.reference.degradation.machine import Machine
from battery.reference.degradation.monitor import Monitor
from battery.reference.dependency.link import DependencyLink
from battery.reference.health.queue import QueueWorks
from battery.reference.lifecycle import Lifecycle
from battery.reference.metrics.machine import register_machine
from battery.reference.metrics.registry import Registry
from battery.reference.queue.opening import job_queue
from battery.reference.snapshots.marker import mark
from battery.reference.snapshots.restoring import is_interrupted
from battery.reference.snapshots.watching import ReplacedData, end_this_process
from battery.reference.store.failure import StoreUnavailable
from battery.reference.store.interface import Store

_log = logging.getLogger("battery.reference.upkeep")


class Upkeep:
    """Made with the service, and at work while it serves."""

    def __init__(
        self,
        store: Store,
        link: DependencyLink,
        lifecycle: Lifecycle,
        registry: Registry,
        ladder: Ladder,
        clock: Clock,
        defects: Collection[str] = (),
    ) -> None:
        """Raises: StoreUnavailable over data that is half restored, WrongQueueSettings."""
        if is_interrupted(store.folder):
            raise StoreUnavailable(
                f"a restore of {store.folder} was cut off: run it again, then start the service"
            )
        self._store, self._lifecycle, self._defects = store, lifecycle, defects
        self.machine = Machine(store.folder)
        self.queue = job_queue(store.folder, registry, clock, defects)
        self.modules = (QueueWorks(self.queue),)
        self.crowding = Crowding(queue=self.queue.least_free)
        self._monitor = Monitor(self.machine, ladder, link, crowding=self.crowding)
        register_machine(registry, self.machine, self._monitor)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """At work while the block runs."""
        self._mark()
        self.queue.open()
        watch = ReplacedData(self._store.folder, self._lifecycle, end_this_process)
        tasks = [asyncio.create_task(work) for work in (self._monitor.run(), self.queue.run(), watch.run())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            self.queue.close()

    def _mark(self) -> None:
        # A store with connections to pool is a server's; the other one is a file in the folder.
        kind = "postgresql" if self._store.pools else "sqlite"
        try:
            mark(self._store.folder, store=kind, defects=self._defects)
        except OSError as error:
            # Requests can be served without it; only snapshots cannot be taken.
            fields = {"reason": error.strerror}
            _log.warning(
                "the data folder cannot be marked: no snapshots until it is", extra={"fields": fields}
            )
