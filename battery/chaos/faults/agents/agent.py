"""The battery's side of an agent: started with an order, heard, ended."""

import contextlib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import IO

import msgspec

from battery.chaos.faults.agents.order import Order, Said
from battery.chaos.faults.interface import FaultFailed
from battery.chaos.process.exit import exit_words
from battery.chaos.process.mark import new_mark, own_environment
from battery.chaos.undo.steps import EndMarked

_END_SECONDS = 3.0
_COMPLAINT_BYTES = 500


class Agent:
    """One child that works for a fault; it carries a mark, by which the journal knows it before it lives."""

    def __init__(self, module: str, what: str, *, mark: str = "") -> None:
        self._module, self._what = module, what
        self._mark = mark or new_mark()
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._complaints: IO[bytes] | None = None
        self._heard = threading.Condition()
        self._said: dict[str, Said] = {}

    @property
    def undo(self) -> EndMarked:
        """What ends it."""
        return EndMarked(mark=self._mark, what=self._what)

    @property
    def pid(self) -> int:
        """Its process id; 0 before it started and after it ended."""
        return self._process.pid if self._process else 0

    @property
    def alive(self) -> bool:
        """Whether it works."""
        return self._process is not None and self._process.poll() is None

    def start(self, order: Order) -> None:
        """Start it.

        Raises: FaultFailed when it cannot be.
        """
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 -- closed in `end`
        try:
            process = subprocess.Popen(
                # -P: whatever lies in the current folder is not imported.
                [sys.executable, "-P", "-m", f"battery.chaos.faults.agents.{self._module}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                env=own_environment(self._mark),
                start_new_session=True,
            )
        except OSError as error:
            self._complaints.close()
            raise FaultFailed(f"{self._what} cannot be started: {error.strerror or error}") from error
        self._process = process
        self._reader = threading.Thread(target=self._read, args=(process,), name=self._what, daemon=True)
        self._reader.start()
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # it ended at once: `hear` says why
                process.stdin.write(msgspec.json.encode(order) + b"\n")
                process.stdin.flush()

    def hear(self, what: str, seconds: float, enough: Callable[[Said], bool] = lambda _: True) -> Said | None:
        """The last reading of this kind, waited for until it is enough; what there is when the time is up.

        Raises: FaultFailed with its words when the agent is in trouble or ended without a word.
        """
        until = time.monotonic() + seconds
        with self._heard:
            while True:
                if "trouble" in self._said:
                    raise FaultFailed(f"{self._what}: {self._said['trouble'].words}")
                said = self._said.get(what)
                if said is not None and enough(said):
                    return said
                if not self.alive and (self._reader is None or not self._reader.is_alive()):
                    break
                if (
                    not self._heard.wait(max(min(until - time.monotonic(), 0.1), 0))
                    and time.monotonic() >= until
                ):
                    break
        if said is None and not self.alive:
            raise FaultFailed(f"{self._what} {self._end_words()}")
        return said

    def end(self) -> None:
        """End it: the end of its input is its word to end."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._reader is not None:
            self._reader.join(_END_SECONDS)
        if self._complaints is not None:
            self._complaints.close()

    def _read(self, process: "subprocess.Popen[bytes]") -> None:
        if process.stdout is None:
            return
        with process.stdout as lines:
            for line in lines:
                with contextlib.suppress(msgspec.DecodeError):  # a library's print is none of our words
                    said = msgspec.json.decode(line, type=Said)
                    with self._heard:
                        self._said[said.what] = said
                        self._heard.notify_all()
        with self._heard:
            self._heard.notify_all()

    def _end_words(self) -> str:
        if self._process is None or self._process.returncode is None or self._complaints is None:
            return "does not run"
        self._complaints.seek(0)
        lines = self._complaints.read()[-_COMPLAINT_BYTES:].decode("utf-8", "replace").strip().splitlines()
        return exit_words(self._process.returncode) + (f": {lines[-1]}" if lines else "")
