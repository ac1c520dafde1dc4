"""Requests in flight: a small steady load around a polite end, and how many of its requests were dropped by that."""

import asyncio
import time
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import NamedTuple, Self

from battery.chaos.recovery.client import Client, Shortage
from battery.chaos.recovery.exchange import judged
from battery.chaos.recovery.loop_thread import LoopThread
from battery.chaos.recovery.request import Place, Request

USERS = 16
_TIMEOUT = 10.0
_LEAD = 0.3
_LOOK = 0.01
# A request that left this long before the signal was with the target when it came. One that left later and failed may
# have met a listener that was closed already.
_SURELY_THERE = 0.001


class Sent(NamedTuple):
    """One request: when it left, when it ended, and its error."""

    at: float
    done: float
    error: str


class Dropped(NamedTuple):
    """How many of those in flight at the mark got no right answer; None where none was in flight."""

    number: int | None
    words: str


class InFlight:
    """A closed loop of a few users, from a moment before `mark` until their requests of that moment have ended."""

    def __init__(self, place: Place, request: Request) -> None:
        self._client, self._request = Client(place), request
        self._thread = LoopThread("in flight", self._run)
        self._sent: list[Sent] = []
        self._begun = False
        self._marked = 0.0

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; what is under way may end first."""
        self._thread.stop(_TIMEOUT)

    def begin(self) -> None:
        """Let the users begin, and give them a moment: long enough for their requests to be with the target."""
        self._begun = True
        time.sleep(_LEAD)

    def mark(self) -> None:
        """The signal is sent now."""
        self._marked = monotonic()

    def dropped(self) -> Dropped:
        """What became of the requests that the target had when the signal came."""
        there = [each for each in self._sent if each.at < self._marked < each.done and self._was_there(each)]
        if not there:
            name = self._request.name
            return Dropped(
                None,
                f"none of {len(self._sent)} requests of {name} was in flight when SIGTERM came: its answers are too quick to tell; "
                'name one that takes longer with class = "heavy"',
            )
        failed = [each.error for each in there if each.error]
        kinds = ", ".join(sorted(set(failed)))
        told = f"{len(failed)} of {len(there)} requests in flight were dropped" + (
            f" ({kinds})" if kinds else ""
        )
        return Dropped(len(failed), told)

    def _was_there(self, sent: Sent) -> bool:
        """Who was refused never was there."""
        if sent.error == "refused":
            return False
        return not sent.error or sent.at < self._marked - _SURELY_THERE

    async def _run(self, ready: Callable[[], None], stopping: asyncio.Event) -> None:
        await self._client.resolve()
        ready()
        while not self._begun and not stopping.is_set():
            await asyncio.sleep(_LOOK)
        async with asyncio.TaskGroup() as users:
            for _ in range(USERS):
                users.create_task(self._user(stopping))

    async def _user(self, stopping: asyncio.Event) -> None:
        """Ask again and again until the mark; only those are counted who were there when it came."""
        while not self._marked and not stopping.is_set():
            at = monotonic()
            try:
                answer = await self._client.ask(self._request, _TIMEOUT)
            except Shortage:
                await asyncio.sleep(_LOOK)
                continue
            # Whoever was promised an answer and got an error page instead was dropped too.
            self._sent.append(Sent(at, answer.done, judged(self._request, answer)))
