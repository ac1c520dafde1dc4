"""The loop thread: an event loop in a thread of its own, from start to stop; its failure is raised, never lost."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

# Tells that it is ready, and ends soon after the event is set.
Main = Callable[[Callable[[], None], asyncio.Event], Coroutine[Any, Any, None]]


class LoopThread:
    """Runs `main`; `stop` waits for its end."""

    def __init__(self, name: str, main: Main) -> None:
        self._main = main
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event

    def start(self) -> None:
        """Come back when it is ready. Raises: what `main` raised before that."""
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            self._raise()

    def stop(self, limit: float) -> None:
        """End it. Raises: what `main` raised; RuntimeError when it is still running after `limit` seconds."""
        if not self._thread.ident:
            return
        if self._thread.is_alive():
            self._tell()
        self._thread.join(limit)
        if self._thread.is_alive():
            raise RuntimeError(f"{self._thread.name} did not end within {limit:g} s")
        self._raise()

    def _tell(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._stopping.set)
        except RuntimeError:
            return  # the loop closed between the look and the call: there is nobody left to tell

    def _run(self) -> None:
        try:
            asyncio.run(self._whole())
        except BaseException as error:  # noqa: BLE001 -- handed to whoever starts or stops the thread
            self._failure = error
        finally:
            self._ready.set()

    async def _whole(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        await self._main(self._ready.set, self._stopping)

    def _raise(self) -> None:
        """Once: who stops it twice has heard it."""
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
