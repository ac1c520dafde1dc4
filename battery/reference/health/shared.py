"""One run of something slow, shared by all who ask for it while it is under way."""

import asyncio
from collections.abc import Callable, Coroutine


class SharedRun:
    """Starts `work` unless it is running; whoever waits gets the end of the same run."""

    def __init__(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        self._work = work
        self._running: asyncio.Task[None] | None = None

    async def __call__(self) -> None:
        """Wait for the end of the run; raises what it raises."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._work())
            self._running.add_done_callback(_seen)
        # One who stops waiting must not end the run for the others.
        await asyncio.shield(self._running)


def _seen(run: asyncio.Task[None]) -> None:
    """Look at the end of a run for which everyone has stopped waiting, or asyncio logs a complaint."""
    if not run.cancelled():
        run.exception()
