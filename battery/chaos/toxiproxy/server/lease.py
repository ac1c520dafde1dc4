"""The lease of a server that the battery started: it ends with the pipe at standard input, however the battery ends.

1. Every toxic is removed and every proxy enabled, at once.
2. For `linger` seconds all goes on: the target, which may outlive the battery, reaches what is behind the proxies.
3. Then no new connection is taken, and the server ends with its last connection.
4. After ten minutes it ends anyway: nothing that the battery started stays for good.
"""

import asyncio
import os
import sys
import threading
import time

from battery.chaos.toxiproxy.server.plane.address import AddressProblem
from battery.chaos.toxiproxy.server.plane.collection import Collection

LIMIT_SECONDS = 600.0
_LOOK_SECONDS = 0.1


class Lease:
    """Watches the pipe; makes the end of it the end of the server."""

    def __init__(
        self, proxies: Collection, linger: float, stop: asyncio.Event, limit: float = LIMIT_SECONDS
    ) -> None:
        self._proxies, self._linger, self._stop, self._limit = proxies, linger, stop, limit
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Watch from here on."""
        threading.Thread(
            target=self._watch, args=(asyncio.get_running_loop(),), name="lease", daemon=True
        ).start()

    async def run_out(self) -> None:
        """The four steps."""
        ended = time.monotonic()
        try:
            await self._proxies.reset()  # 1
        except AddressProblem as problem:
            sys.stderr.write(f"toxiproxy: a proxy cannot be enabled again: {problem}\n")
        while not await self._over(time.monotonic() - ended):
            try:
                await asyncio.wait_for(self._stop.wait(), _LOOK_SECONDS)
            except TimeoutError:
                continue
            return
        self._stop.set()

    async def _over(self, seconds: float) -> bool:
        if seconds < self._linger:
            return False  # 2
        await self._proxies.stop_accepting()  # 3
        return self._proxies.connections() == 0 or seconds >= self._limit  # 4

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass  # nothing is said here; only the end counts
        try:
            loop.call_soon_threadsafe(self._start)
        except RuntimeError:
            pass  # a signal has ended the server already

    def _start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self.run_out())
