"""The target's process as the battery's own child: started, awaited, restarted, stopped; its ends are counted."""

import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from battery.chaos.process.ending import Ending, end_family
from battery.chaos.process.errors import ProcessFailed
from battery.chaos.process.exit import Exit, exit_words
from battery.chaos.process.family import session
from battery.chaos.process.given import GivenProcess
from battery.chaos.process.identity import ProcessIdentity, identify, is_alive, name_of
from battery.chaos.process.launch import Launch, launch
from battery.chaos.process.log import Log
from battery.chaos.process.mark import new_mark
from battery.chaos.process.promises import Promises
from battery.chaos.undo.steps import EndMarked, EndSession

START_SECONDS = 60.0
GRACE_SECONDS = 10.0
_POLL_SECONDS = 0.05


class TargetProcess:
    """Runs the target's command while the block runs; `ready` is asked until it says yes."""

    def __init__(
        self,
        order: Launch,
        *,
        ready: Callable[[], bool],
        log: Path,
        promises: Promises | None = None,
        secrets: Sequence[str] = (),
        start_seconds: float = START_SECONDS,
        grace: float = GRACE_SECONDS,
    ) -> None:
        self.exits: list[Exit] = []
        self.starts = 0
        self.log = Log(log, secrets=secrets)
        self._order, self._ready, self._promises = order, ready, promises
        self._start_seconds, self._grace = start_seconds, grace
        self._process: subprocess.Popen[bytes] | None = None
        self._identity: ProcessIdentity | None = None
        self._mark = ""
        self._orphans: tuple[ProcessIdentity, ...] = ()
        self._lock = threading.Lock()  # a prober may look while a scenario restarts
        self._began = 0.0
        self._promised: list[int] = []

    @property
    def restarts(self) -> int:
        """How often it was started after the first time."""
        return max(self.starts - 1, 0)

    @property
    def given(self) -> GivenProcess:
        """The process of the moment, for faults."""
        return GivenProcess(identity=self._identity, given="started by the battery")

    def __enter__(self) -> Self:
        """Start it and wait until it is ready."""
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it with all that it started."""
        self.close()

    def start(self) -> GivenProcess:
        """Start the command and wait until the target is ready.

        Raises: ProcessFailed when it runs already, cannot be started, ends early or is not ready in time.
        """
        if self.alive():
            raise ProcessFailed(f"{self.given} runs already: stop it before it is started again")
        if self._identity is not None:
            self.stop()  # what a killed process left behind may hold its port
        self._mark, self._orphans = new_mark(), ()
        self._promise(EndMarked(mark=self._mark, what="the target"))
        process = launch(self._order, self._mark)
        self._process, self._began = process, time.monotonic()
        self.starts += 1
        if process.stdout is not None:
            self.log.follow(process.stdout)
        self._identity = identify(process.pid)
        if self._identity is not None:
            self._promise(EndSession(leader=self._identity, what="the target", mark=self._mark))
        self.wait_ready(self._start_seconds)
        return self.given

    def wait_ready(self, seconds: float) -> float:
        """Wait until `ready` says yes; how long that took.

        Raises: ProcessFailed with the end of the log.
        """
        began = time.monotonic()
        while not self._ready():
            waited = time.monotonic() - began
            if not self.alive():
                end = self.exits[-1] if self.exits else "its process never was"
                raise ProcessFailed(f"the target was not ready when {end}: {self.log.tail()}")
            if waited >= seconds:
                raise ProcessFailed(f"the target was not ready within {seconds:g} s: {self.log.tail()}")
            time.sleep(_POLL_SECONDS)
        return time.monotonic() - began

    def alive(self) -> bool:
        """Whether it runs; the exit status of one that ended is collected."""
        with self._lock:
            process, identity = self._process, self._identity
            if process is None:
                return False
            if identity is not None and not is_alive(identity):
                # Until its status is collected nobody else can have its number: who is in its session now is its own.
                self._orphans = session(identity, self._mark)
            code = process.poll()
            if code is None:
                return True
            self._process = None
            self.exits.append(Exit(pid=process.pid, code=code, after=time.monotonic() - self._began))
        self.log.settle()
        return False

    def last_exit(self) -> str:
        """How it ended last, in words."""
        return exit_words(self.exits[-1].code) if self.exits else "has not ended"

    def stop(self) -> Ending:
        """Ask it to end, then end it by force, with all that it started; idempotent."""
        identity = self._identity
        ending = Ending(seconds=0.0)
        if identity is not None:
            grace = self._grace if self.alive() else 0.0
            ending = end_family(identity, grace, mark=self._mark, known=self._orphans, reap=self.alive)
        if not ending.left:
            self._keep()
        return ending

    def restart(self) -> GivenProcess:
        """Stop what is left of it and start it again."""
        self.stop()
        return self.start()

    def close(self) -> None:
        """Stop it and close its log."""
        self.stop()
        self.log.close()

    def _promise(self, step: EndMarked | EndSession) -> None:
        if self._promises is not None:
            self._promised.append(self._promises.promise("the target's process", (step,), self._stop_wholly))

    def _keep(self) -> None:
        promised, self._promised = self._promised, []
        for number in promised:
            if self._promises is not None:
                self._promises.kept(number)

    def _stop_wholly(self) -> None:
        if left := self.stop().left:
            names = ", ".join(map(name_of, left))
            raise ProcessFailed(f"{names} of the target's processes did not end: end it by hand")
