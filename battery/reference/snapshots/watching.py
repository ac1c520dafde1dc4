"""Watching for data that was replaced under a running service: a restore took place."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from pathlib import Path

from battery.reference.lifecycle import Lifecycle
from battery.reference.snapshots.content import DATABASES
from battery.reference.snapshots.restoring import is_interrupted

PERIOD_SECONDS = 0.25
_log = logging.getLogger("battery.reference.snapshots")


class ReplacedData:
    """Remembers which files were opened; a file that is only gone may come back, another one in its place stays."""

    def __init__(
        self, folder: Path, lifecycle: Lifecycle, end: Callable[[], None], period: float = PERIOD_SECONDS
    ) -> None:
        self._folder, self._lifecycle, self._end, self._period = folder, lifecycle, end, period
        self._opened = {name: _inode(folder / name) for name in DATABASES}

    def replaced(self) -> str:
        """The first file in whose place another one stands; empty while a restore is under way, and where none is."""
        if is_interrupted(self._folder):
            return ""
        for name, opened in self._opened.items():
            now = _inode(self._folder / name)
            if opened and now and now != opened:
                return name
        return ""

    async def run(self) -> None:
        """Look until data was replaced; then a supervised service ends, to be started anew over what is there."""
        while not (name := self.replaced()):
            await asyncio.sleep(self._period)
        fields = {"file": name, "supervised": self._lifecycle.supervised}
        if self._lifecycle.supervised:
            _log.warning("the data was replaced: starting anew over it", extra={"fields": fields})
            self._end()
        else:
            _log.error("the data was replaced: restart the service to serve it", extra={"fields": fields})


def end_this_process() -> None:
    """As SIGTERM does: what is in flight is answered first."""
    os.kill(os.getpid(), signal.SIGTERM)


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
