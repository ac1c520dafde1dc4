"""The terminate fault: SIGTERM, the polite end that every deployment sends."""

import signal
from collections.abc import Callable

from battery.chaos.faults.process_end import ProcessEnd
from battery.chaos.process.given import GivenProcess


class Terminate(ProcessEnd):
    """Asks one process to end, and gives it `grace` seconds to do so."""

    name = "terminate"
    number = signal.SIGTERM

    def __init__(
        self,
        process: GivenProcess,
        *,
        limit: float = 60.0,
        grace: float = 30.0,
        revive: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(process, limit=limit, revive=revive)
        self.patience = grace
