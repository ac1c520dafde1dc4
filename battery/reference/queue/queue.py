"""The queue: takes jobs up to its bound, and one worker does them in the order in which they came."""

import asyncio
import logging
import math
from collections.abc import Callable

from battery.reference.clock import Clock
from battery.reference.queue.failure import QueueFull
from battery.reference.queue.job import Acceptance, Backlog, Job, JobDraft, Totals
from battery.reference.queue.ledger import Ledger
from battery.reference.queue.settings import QueueSettings
from battery.reference.queue.tally import JobTally
from battery.reference.store.failure import StoreBusy, StoreFailure, StoreUnavailable

RETRY_SECONDS = 0.5
_log = logging.getLogger("battery.reference.queue")


class JobQueue:
    """What is accepted stands on the disk; memory holds figures, and never a job that waits."""

    def __init__(
        self,
        open_ledger: Callable[[], Ledger],
        settings: QueueSettings,
        clock: Clock,
        tally: JobTally,
        *,
        bounded: bool = True,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self.capacity, self.backlog, self.trouble = settings.capacity, Backlog(), ""
        self.tally = tally
        self._open_ledger, self._seconds, self._clock = open_ledger, settings.job_seconds, clock
        self._retry_seconds = retry_seconds
        self._bound = settings.capacity if bounded else math.inf
        self._ledger: Ledger | None = None
        self._work, self._deepest, self._arriving = asyncio.Event(), 0, 0

    async def submit(self, draft: JobDraft, key: str | None = None) -> Acceptance:
        """Accept a job: it is on the disk when this returns.

        Raises: QueueFull, KeyConflict, StoreFailure.
        """
        # A retry of an accepted job is answered however full the queue is; all else is refused without the disk,
        # together with what is on its way there.
        depth = self.backlog.depth + self._arriving
        self._arriving += 1
        try:
            if key is None and depth >= self._bound:
                raise QueueFull(depth, self.capacity)
            acceptance = await self._opened().accept(draft, key, self._bound, self._now())
        except (QueueFull, StoreBusy):
            self._deepest = max(self._deepest, depth)
            self.tally.refused.add()
            raise
        finally:
            self._arriving -= 1
        self._note(acceptance.backlog)
        (self.tally.replayed if acceptance.replayed else self.tally.accepted).add()
        self._work.set()
        return acceptance

    async def find(self, number: int) -> Job | None:
        """The job with this id, if it is known. Raises: StoreFailure."""
        return await self._opened().find(number)

    async def totals(self) -> Totals:
        """What was done in all. Raises: StoreFailure."""
        return await self._opened().totals()

    def retry_after(self) -> int:
        """Whole seconds until there is room again, as things stand."""
        return max(1, math.ceil(self._seconds * self.backlog.depth / 2))

    def oldest_seconds(self) -> float:
        """How long the oldest job waits; 0 when none does."""
        return 0.0 if self.backlog.oldest is None else max(0.0, self._now() - self.backlog.oldest)

    def least_free(self) -> float:
        """The least share that was free since this was last asked: a flood between two looks is seen."""
        deepest, self._deepest = max(self._deepest, self.backlog.depth), self.backlog.depth
        return max(0.0, 1 - deepest / self.capacity)

    def open(self) -> None:
        """Open the ledger; where that fails, jobs are refused and `run` tries again."""
        try:
            self._ledger = self._ledger or self._open_ledger()
            self.trouble = ""
        except StoreUnavailable as error:
            self._troubled(error)

    def check(self) -> str:
        """What can be said of it. Raises: StoreUnavailable when jobs cannot be kept or done."""
        if self._ledger:
            self._ledger.check()
        if self.trouble:
            raise StoreUnavailable(self.trouble)
        return f"{self.backlog.depth} of {self.capacity} jobs wait" if self._ledger else "not begun"

    def close(self) -> None:
        """Close the ledger; what is not done is done by the next process."""
        if self._ledger:
            self._ledger.close()

    async def run(self) -> None:
        """Do jobs until cancelled; a failure is waited out and the job begun again."""
        while True:
            try:
                self.open()
                await self._do_all(self._opened())
            except StoreFailure as error:
                self._troubled(error)
            except Exception:  # noqa: BLE001 - a job that fails must not be the last one
                _log.exception("unforeseen")
            await asyncio.sleep(self._retry_seconds)

    async def _do_all(self, ledger: Ledger) -> None:
        while True:
            self._work.clear()
            job, backlog = await ledger.take()
            self.trouble = ""
            self._note(backlog)
            if job is None:
                await self._work.wait()
            else:
                await self._do(ledger, job)

    async def _do(self, ledger: Ledger, job: Job) -> None:
        if job.attempts:
            self.tally.resumed.add()
            _log.warning("a job is begun again", extra={"fields": {"job": job.id, "attempts": job.attempts}})
        # The work itself: what takes its time before there is anything to book.
        await asyncio.sleep(self._seconds)
        now = self._now()
        finished, backlog = await ledger.finish(job.id, now)
        self._note(backlog)
        if finished:
            self.tally.finished.add()
            self.tally.seconds.observe(max(0.0, now - job.accepted_at))

    def _opened(self) -> Ledger:
        if self._ledger is None:
            raise StoreUnavailable(self.trouble or "the queue is not open")
        return self._ledger

    def _note(self, backlog: Backlog) -> None:
        self.backlog = backlog
        self._deepest = max(self._deepest, backlog.depth)

    def _troubled(self, error: StoreFailure) -> None:
        if str(error) != self.trouble:
            _log.warning("jobs cannot be done", extra={"fields": {"reason": str(error)}})
        self.trouble = str(error)

    def _now(self) -> float:
        return self._clock().timestamp()
