"""The trail: takes events from requests without making them wait, and writes them from a thread of its own."""

import asyncio
import logging
import threading
from collections import deque
from pathlib import Path
from typing import Protocol

import msgspec

from battery.reference.audit.event import Event, folded
from battery.reference.audit.log_file import LogFile
from battery.reference.audit.verification import Verdict, verify_file
from battery.reference.clock import Clock, wall_clock

# Together on disk: what happens within so much time shares one sync. A kill loses no more than that.
PERIOD_SECONDS, RETRY_SECONDS, SETTLE_SECONDS = 0.1, 1.0, 5.0
MOST_WAITING, BATCH = 10_000, 2000
_log = logging.getLogger("battery.reference.audit")


class AuditFigures(msgspec.Struct, frozen=True):
    """How the log stands: records on disk, the hash that ends it, events that wait, and those that found no room."""

    records: int
    head: str
    waiting: int
    dropped: int


class Audit(Protocol):
    """Where events go."""

    def note(
        self,
        event: str,
        *,
        actor: str = "",
        source: str = "",
        place: str = "",
        about: str = "",
        items: tuple[int, ...] = (),
    ) -> None:
        """Take one event."""
        ...

    async def settled(self) -> bool:
        """Wait until everything noted is on disk; False when that takes too long."""
        ...


class NoAudit:
    """Keeps nothing: for a service that is composed without a data folder."""

    def note(
        self,
        event: str,
        *,
        actor: str = "",
        source: str = "",
        place: str = "",
        about: str = "",
        items: tuple[int, ...] = (),
    ) -> None:
        """Forget it."""

    async def settled(self) -> bool:
        """There is nothing to wait for."""
        return True


class Trail:
    """The audit log of a running service."""

    def __init__(self, folder: Path, key: bytes, clock: Clock = wall_clock) -> None:
        """Open the log and begin to write.

        Raises: OSError.
        """
        self._file, self._clock = LogFile(folder, key), clock
        self._waiting: deque[Event] = deque()
        self._asking: deque[tuple[asyncio.AbstractEventLoop, asyncio.Future[bool]]] = deque()
        self._dropped = self._told_dropped = 0
        self._wake, self._hurry, self._ending = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
        if self._file.found:
            self.note("audit.recovered", about=self._file.found)
        self.note("service.started")
        self._thread.start()

    def note(
        self,
        event: str,
        *,
        actor: str = "",
        source: str = "",
        place: str = "",
        about: str = "",
        items: tuple[int, ...] = (),
    ) -> None:
        """Take one event; the oldest that wait are kept, because an attacker could push them out otherwise."""
        if len(self._waiting) >= MOST_WAITING:
            self._dropped += 1
            return
        moment = self._clock().isoformat(timespec="milliseconds")
        self._waiting.append(Event(moment, event, actor, source, place, about, items))
        if not self._wake.is_set():
            self._wake.set()

    async def settled(self) -> bool:
        """Wait until everything noted is on disk; False when the disk does not take it in time."""
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        self._asking.append((loop, done))
        self._hurry.set()
        self._wake.set()
        try:
            return await asyncio.wait_for(done, SETTLE_SECONDS)
        except TimeoutError:
            return False

    def figures(self) -> AuditFigures:
        """How the log stands at this moment."""
        link = self._file.link
        return AuditFigures(link.records, link.hash, len(self._waiting), self._dropped)

    def recent(self, count: int) -> list[msgspec.Raw]:
        """The last records, the newest last."""
        return [msgspec.Raw(line) for line in list(self._file.recent)[-count:]]

    def verify(self) -> Verdict:
        """The verdict on the log as it stands.

        Raises: OSError.
        """
        return verify_file(self._file.log, self._file.head, self._file.key)

    @property
    def head(self) -> Path:
        """The file that says how far the log goes."""
        return self._file.head

    @property
    def key(self) -> bytes:
        """What vouches for it."""
        return self._file.key

    def close(self) -> None:
        """Write what waits and end."""
        self.note("service.ended")
        self._ending.set()
        self._hurry.set()
        self._wake.set()
        self._thread.join(SETTLE_SECONDS)
        # A disk that hangs must not keep the service from its end: the log is then left as after a kill.
        if not self._thread.is_alive():
            self._file.close()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._hurry.wait(PERIOD_SECONDS)
            self._wake.clear()
            self._hurry.clear()
            ending = self._ending.is_set()
            # Asked before the look at what waits: whoever asks has noted before.
            asking = [self._asking.popleft() for _ in range(len(self._asking))]
            kept = self._keep()
            for loop, done in asking:
                _tell(loop, done, kept)
            if ending:
                return
            if not kept:
                self._ending.wait(RETRY_SECONDS)
                self._wake.set()

    def _keep(self) -> bool:
        """Write everything that waits; whether the disk took it."""
        try:
            while batch := [self._waiting[place] for place in range(min(BATCH, len(self._waiting)))]:
                dropped = self._dropped  # what is dropped while the disk is busy is told next time
                self._file.append(folded([*batch, *self._loss(dropped - self._told_dropped)]))
                for _ in batch:
                    self._waiting.popleft()
                self._told_dropped = dropped
            self._file.vouch()
        except OSError as error:
            fields = {"reason": error.strerror, "waiting": len(self._waiting)}
            _log.warning("the audit log cannot be written", extra={"fields": fields})
            return False
        return True

    def _loss(self, lost: int) -> list[Event]:
        moment = self._clock().isoformat(timespec="milliseconds")
        return [Event(moment, "audit.dropped", about=f"{lost} events found no room")] if lost else []


def _tell(loop: asyncio.AbstractEventLoop, done: "asyncio.Future[bool]", kept: bool) -> None:
    def resolve() -> None:
        if not done.done():
            done.set_result(kept)

    try:
        loop.call_soon_threadsafe(resolve)
    except RuntimeError:
        pass  # the loop is closed: nobody waits any more
