"""The open loop: begins an act at each due time, however long the acts before it take."""

import asyncio
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from time import monotonic
from typing import Any, TypeAlias

from battery.chaos.recovery.loop_thread import LoopThread

# A burst of all that was due while this process stood still would be a load of its own.
MOST_BEHIND = 1.0
_MARGIN = 5.0

# The number of the act, and when it was due, in seconds of the monotonic clock.
Act: TypeAlias = Callable[[int, float], Coroutine[Any, Any, None]]


class OpenLoop:
    """Runs in a thread; what could not be begun is counted in `unsent`, by reason, and never made up for."""

    def __init__(
        self, name: str, step: float, act: Act, prepare: Callable[[], Awaitable[None]], *, most_in_flight: int
    ) -> None:
        self.zero = 0.0
        self.unsent: Counter[str] = Counter()
        self._step, self._act, self._prepare = step, act, prepare
        self._most = most_in_flight
        self._thread = LoopThread(name, self._run)
        self._lock = threading.Lock()
        self._due: dict[asyncio.Task[None], float] = {}
        self._next = 0
        self._timer: asyncio.TimerHandle | None = None
        self._failure: BaseException | None = None
        self._stopping: asyncio.Event

    def start(self) -> None:
        """Begin; the first act is due at once. Raises: what `prepare` raised."""
        self._thread.start()

    def stop(self, limit: float) -> None:
        """Begin nothing more and wait for what is under way. Raises: what an act raised."""
        self._thread.stop(limit + _MARGIN)

    @property
    def begun(self) -> int:
        """How many acts were due so far: the number of the next."""
        return self._next

    def settled_until(self) -> float:
        """Every act that was due before this time has ended."""
        with self._lock:
            return min(self._due.values(), default=self.zero + self._next * self._step)

    async def _run(self, ready: Callable[[], None], stopping: asyncio.Event) -> None:
        await self._prepare()
        self._stopping = stopping
        self.zero = monotonic()
        ready()
        self._tick()
        await stopping.wait()
        if self._timer is not None:
            self._timer.cancel()
        if self._due:
            await asyncio.wait(tuple(self._due))
        if self._failure is not None:
            raise self._failure

    def _tick(self) -> None:
        now = monotonic()
        while (due := self.zero + self._next * self._step) <= now:
            self._begin(due, now)
        self._timer = asyncio.get_running_loop().call_at(due, self._tick)

    def _begin(self, due: float, now: float) -> None:
        number = self._next
        with self._lock:
            self._next += 1
            if now - due > MOST_BEHIND:
                self.unsent["this process stood still"] += 1
            elif len(self._due) >= self._most:
                self.unsent[f"{self._most} under way already"] += 1
            else:
                task = asyncio.get_running_loop().create_task(self._act(number, due))
                self._due[task] = due
                task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        with self._lock:
            del self._due[task]
        # Nobody cancels an act: one that ends so lost its result, which is a defect like any other.
        failure = RuntimeError("an act was cancelled") if task.cancelled() else task.exception()
        if failure is not None:
            self._failure = self._failure or failure
            self._stopping.set()
