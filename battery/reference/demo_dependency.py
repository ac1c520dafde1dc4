"""The reference target's dependency as a child process."""

import time
from pathlib import Path
from types import TracebackType
from typing import Self

from battery.errors import TargetUnreachable
from battery.reference.child import Child, number_in

START_SECONDS = 10.0
STOP_SECONDS = 2.0
_POLL_SECONDS = 0.02


class ReferenceDependency:
    """Listens on loopback while the block runs; with a `port`, where an earlier one was, say, before it was killed."""

    def __init__(self, folder: Path, *, port: int = 0, start_seconds: float = START_SECONDS) -> None:
        self.folder, self.log = folder, folder / "dependency.log"
        self.port = port
        self._port_file = folder / "dependency.port"
        self._start_seconds = start_seconds
        self._child: Child | None = None

    @property
    def pid(self) -> int:
        """Its process id, 0 outside the block."""
        return self._child.pid if self._child else 0

    @property
    def address(self) -> str:
        """What DEPENDENCY_ADDRESS wants."""
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Start it and wait until it listens.

        Raises: TargetUnreachable with the end of its log when it does not in time.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._port_file.unlink(missing_ok=True)
        arguments = ["--port", str(self.port), "--port-file", str(self._port_file)]
        try:
            self._child = Child("battery.reference.downstream", arguments, {}, self.log)
            self.port = self._wait_for_the_port(self._child)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.stop()

    def stop(self) -> None:
        """Stop it, gently first; once is enough."""
        child, self._child = self._child, None
        if child is not None:
            child.stop(STOP_SECONDS)

    def _wait_for_the_port(self, child: Child) -> int:
        deadline = time.monotonic() + self._start_seconds
        while time.monotonic() < deadline:
            if (port := number_in(self._port_file)) is not None:
                return port
            if child.ended_within(_POLL_SECONDS):
                break
        raise TargetUnreachable(f"the reference dependency does not listen: {child.last_words()}")
