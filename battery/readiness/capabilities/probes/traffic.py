"""Traffic: one request again and again while something else is looked at, as users would send it."""

import threading
from types import TracebackType
from typing import Self

from battery.model.capabilities import Call
from battery.readiness.capabilities.probes.asking import Asker

_PERIOD = 0.1


class Traffic:
    """Asks from a thread of its own inside the block; without a request it does nothing."""

    def __init__(self, asker: Asker, call: Call | None) -> None:
        self._asker, self._call = asker, call
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="traffic", daemon=True)

    def __enter__(self) -> Self:
        if self._call is not None:
            self._asker.ask(self._call)  # one has come through before anything is done to the target
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._call is not None:
            self._thread.join()

    def _run(self) -> None:
        while self._call is not None and not self._ended.wait(_PERIOD):
            self._asker.ask(self._call)
